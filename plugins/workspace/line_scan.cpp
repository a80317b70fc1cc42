// Looks for matches in whole blocks and for the line only once there is one: most text has none.
#include "line_scan.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace workspace {

namespace {

constexpr std::size_t first_room = 256u << 10;

ssize_t read_some(int fd, char* to, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(fd, to, size);
    if (got >= 0 || errno != EINTR) return got;
  }
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

Line line_of(std::string_view line, Matcher::Span match) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  Line out;
  out.column = 1 + static_cast<std::uint64_t>(std::count_if(
                       line.begin(), line.begin() + static_cast<std::ptrdiff_t>(std::min(match.begin, line.size())),
                       begins_character));
  std::size_t begin = 0, end = line.size();
  if (line.size() > LineScan::most_text) {
    begin = std::min(match.begin < LineScan::most_text / 2 ? 0 : match.begin - LineScan::most_text / 4,
                     line.size() - LineScan::most_text);
    while (begin > 0 && !begins_character(line[begin])) --begin;
    end = begin + LineScan::most_text;
    while (end < line.size() && !begins_character(line[end])) ++end;
    out.cut = true;
  }
  out.text = line.substr(begin, end - begin);
  return out;
}

}  // namespace

void Room::demand(std::size_t size, std::size_t held) {
  if (m_size >= size) return;
  auto larger = std::make_unique_for_overwrite<char[]>(size);
  if (held > 0) std::memcpy(larger.get(), m_bytes.get(), held);
  m_bytes = std::move(larger);
  m_size = size;
}

LineScan::End LineScan::run(int fd, const Take& take, const More& more) {
  m_lines = 0;
  m_room.demand(first_room, 0);
  for (std::size_t held = 0;;) {
    if (!more()) return End::stopped;
    const ssize_t got = read_some(fd, m_room.data() + held, m_room.size() - held);
    if (got < 0) return End::unreadable;
    const auto fresh = static_cast<std::size_t>(got);
    if (std::memchr(m_room.data() + held, 0, fresh)) return End::binary;
    const bool last = held + fresh < m_room.size();  // a file gives all it has
    const std::string_view all(m_room.data(), held + fresh);
    std::size_t ready = all.size();
    if (!last) {
      const auto end = all.rfind('\n');
      if (end != std::string_view::npos) ready = end + 1;
      if (end == std::string_view::npos && all.size() < longest) {
        held = all.size();
        m_room.demand(2 * m_room.size(), held);
        continue;
      }
    }
    if (!look_at(all.substr(0, ready), take)) return End::stopped;
    if (last) return End::whole;
    m_lines += count_newlines(all.substr(0, ready));
    held = all.size() - ready;
    std::memmove(m_room.data(), m_room.data() + ready, held);
  }
}

bool LineScan::look_at(std::string_view lines, const Take& take) {
  std::uint64_t number = m_lines + 1;
  std::size_t counted = 0;
  for (std::size_t at = 0; at < lines.size();) {
    const auto match = m_matcher.find(lines, at);
    if (!match || (match->begin >= lines.size() && lines.back() == '\n')) return true;  // there is no line any more
    const auto before = match->begin == 0 ? std::string_view::npos : lines.rfind('\n', match->begin - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(lines.find('\n', match->begin), lines.size());
    number += count_newlines(lines.substr(counted, begin - counted));
    counted = begin;
    Line line = line_of(lines.substr(begin, end - begin), {match->begin - begin, match->size});
    line.number = number;
    if (!take(std::move(line))) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace workspace
