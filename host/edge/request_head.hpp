// The head of one HTTP request as it was parsed: request line and fields, kept in one block of memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::edge {

class RequestHead {
 public:
  std::string method, target;
  unsigned version = 11;  // 10 or 11
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;
  bool upgrade = false;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // The first field of that name; a name's letters may have any case. Empty text and absence differ.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view value(std::string_view name) const { return find(name).value_or(std::string_view()); }
  std::size_t count(std::string_view name) const;
  std::size_t fields() const { return m_fields.size(); }
  std::string_view name(std::size_t index) const { return name_at(m_fields[index]); }
  std::string_view value(std::size_t index) const { return value_at(m_fields[index]); }

  void add(std::string_view name, std::string_view value);
  void clear();

 private:
  struct Span {
    std::uint32_t name, name_size, value, value_size;
  };
  std::string_view name_at(const Span& span) const { return {m_block.data() + span.name, span.name_size}; }
  std::string_view value_at(const Span& span) const { return {m_block.data() + span.value, span.value_size}; }

  std::string m_block;
  std::vector<Span> m_fields;
};

}  // namespace berth::edge
