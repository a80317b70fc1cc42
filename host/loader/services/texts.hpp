// Texts, failures and heads across the C boundary.
#pragma once

#include <berth/abi.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "loader/provider.hpp"
#include "service/error.hpp"

namespace berth::loader {

inline std::string_view view(berth_text text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}
inline std::string copy(berth_text text) { return std::string(view(text)); }
inline berth_text text_of(std::string_view text) { return {text.data(), text.size()}; }

service::Error error_of(const berth_failure* failure);
berth_failure failure_of(const service::Error& error);  // points into it

inline Head head_of(const berth_head* head) {
  if (!head) return {};
  const bool tells = head->size >= offsetof(berth_head, page) + sizeof head->page;
  return {copy(head->type), copy(head->name), copy(head->etag), {}, tells && head->page == 1};
}
inline berth_head raw_head(const Head& head) {
  return {sizeof(berth_head), text_of(head.type), text_of(head.name), text_of(head.etag), head.page ? 1u : 0u, 0};
}

}  // namespace berth::loader
