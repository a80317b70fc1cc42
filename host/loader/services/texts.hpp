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
  Head out{copy(head->type), copy(head->name), copy(head->etag)};
  out.page = head->size >= offsetof(berth_head, page) + sizeof head->page && head->page == 1;
  if (head->size < offsetof(berth_head, whole) + sizeof head->whole) return out;
  if (head->status >= 200 && head->status <= 599) out.status = static_cast<int>(head->status);
  out.fields = copy(head->fields);
  out.whole = head->whole == 1;
  return out;
}
inline berth_head raw_head(const Head& head) {
  return {sizeof(berth_head),   text_of(head.type),   text_of(head.name),
          text_of(head.etag),   head.page ? 1u : 0u,  static_cast<std::uint32_t>(head.status),
          text_of(head.fields), head.whole ? 1u : 0u, 0};
}

}  // namespace berth::loader
