// A secret's bytes, in memory of their own: in no core dump, not swapped out if the system allows, wiped when they go.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace berth::service {

class Secret {
 public:
  explicit Secret(std::size_t size);  // to be filled through data()
  explicit Secret(std::string_view bytes);
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&&) = delete;

  char* data() { return m_data; }
  std::string_view view() const { return {m_data, m_size}; }
  void cut(std::size_t size);  // to its first bytes

 private:
  char* m_data = nullptr;
  std::size_t m_size = 0, m_room = 0;
};

using SecretSet = std::map<std::string, Secret, std::less<>>;

}  // namespace berth::service
