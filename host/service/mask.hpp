// Hides secrets in texts for people: whoever has one may put it into a line of the log, or into what went wrong, by
// mistake.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/secret.hpp"

namespace berth::service {

class Mask {
 public:
  explicit Mask(std::shared_ptr<const SecretSet> secrets);  // null: there are none
  // "[secret NAME]" in the place of each, and of each line of one that has several, as it is or as JSON writes it; none
  // that is so short that it may stand anywhere. Any thread.
  std::string operator()(std::string text) const;
  bool empty() const { return m_parts.empty(); }

 private:
  struct Part {
    std::string_view text;
    const std::string* name;
  };
  void add(std::string_view text, const std::string& name);
  void add_lines(std::string_view text, const std::string& name);

  const std::shared_ptr<const SecretSet> m_secrets;
  std::vector<Part> m_parts;      // the longest first, since one secret may hold another
  std::vector<Secret> m_written;  // as JSON writes them: what some parts lie in
};

}  // namespace berth::service
