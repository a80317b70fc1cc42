// Fields of a request, looked up by name.
#include "edge/request_head.hpp"

#include <algorithm>

#include "service/text.hpp"

namespace berth::edge {

std::optional<std::string_view> RequestHead::find(std::string_view name) const {
  for (const Span& span : m_fields) {
    if (span.name_size == name.size() && service::equal_fold(name_at(span), name)) return value_at(span);
  }
  return std::nullopt;
}

std::size_t RequestHead::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      m_fields.begin(), m_fields.end(), [&](const Span& span) { return service::equal_fold(name_at(span), name); }));
}

void RequestHead::add(std::string_view name, std::string_view value) {
  const auto at = static_cast<std::uint32_t>(m_block.size());
  m_block.append(name).append(value);
  m_fields.push_back({at, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(at + name.size()),
                      static_cast<std::uint32_t>(value.size())});
}

void RequestHead::clear() {
  method.clear();
  target.clear();
  version = 11;
  content_length.reset();
  chunked = keep_alive = upgrade = false;
  m_block.clear();
  m_fields.clear();
}

}  // namespace berth::edge
