// The one way to say that something did not work, from the bottom of the house up to the client's problem+json.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace berth::service {

// One field of the input that does not fit its schema.
struct Misfit {
  std::string pointer;   // JSON pointer into the input, "/zone"
  std::string expected;  // "an integer from 1 to 10"
  std::string got;       // "the string \"x\""
};

struct Error {
  int status = 500;
  std::string code = "internal";
  std::string message;
  std::string hint = {};

  std::vector<Misfit> misfits = {};                      // 422
  std::vector<std::string> allow = {};                   // 405
  std::optional<std::chrono::seconds> retry_after = {};  // 429, 503
};

// A value, or why there is none.
template <class T>
class Result {
 public:
  Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : m_content(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return m_content.index() == 0; }
  T& operator*() { return std::get<0>(m_content); }
  const T& operator*() const { return std::get<0>(m_content); }
  T* operator->() { return &std::get<0>(m_content); }
  const T* operator->() const { return &std::get<0>(m_content); }
  const Error& error() const { return std::get<1>(m_content); }

 private:
  std::variant<T, Error> m_content;
};

}  // namespace berth::service
