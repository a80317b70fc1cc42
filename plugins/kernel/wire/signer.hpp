// The key of a connection: who signs with it is heard, and nobody is heard twice with the same message.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace kernel::wire {

// 64 letters and digits.
std::string new_key();

class Signer {
 public:
  static constexpr std::size_t most_known = 65'536;  // then the oldest is forgotten

  // `remembers`: how many of the signatures that it has judged.
  explicit Signer(const std::string& key, std::size_t remembers = most_known);
  ~Signer();

  // HMAC-SHA256 over the parts, one after the other, as lower-case hexadecimal digits.
  std::string sign(const std::vector<std::string_view>& parts) const;
  enum class Verdict { good, wrong, known };
  // What is good is known from now on.
  Verdict judge(const std::string& signature, const std::vector<std::string_view>& parts);

 private:
  struct Mac;
  const std::unique_ptr<Mac> m_mac;
  const std::size_t m_most;
  std::unordered_set<std::string> m_known;
  std::deque<const std::string*> m_order;  // of those, the oldest first
};

}  // namespace kernel::wire
