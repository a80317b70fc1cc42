// Three ways: by lines from the front, by lines from the end, by bytes. What does not fit is left out, and the answer
// says so and where to go on.
#include "read.hpp"

#include <berth/base64.hpp>
#include <algorithm>

#include "content.hpp"
#include "entry.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

struct Opened {
  Place place;
  berth::Fd file;
  struct stat found;
  std::uint64_t size() const { return static_cast<std::uint64_t>(found.st_size); }
};

Opened open_asked(const Asked& asked) {
  Opened one{asked.place(), {}, {}};
  one.file = asked.root.open_file(one.place);
  if (::fstat(one.file.get(), &one.found) != 0) throw failure(errno, one.place);
  return one;
}

Error too_large(const Opened& one) {
  return Error(413, "file_too_large", one.place.shown() + " has " + std::to_string(one.size()) + " bytes",
               "read a part of it: from and bytes, head or tail; or download it");
}

Error not_text(const Place& place) {
  return Error(422, "not_text", place.shown() + " is no text of UTF-8",
               "say as: \"binary\", or as: \"text\" to have U+FFFD where it is none");
}

// Puts a text into the answer, or what is left of it.
void put_text(Json& answer, std::string_view text, bool as_text, const Place& place) {
  if (is_text(text)) {
    answer["text"] = text;
    return;
  }
  if (!as_text) throw not_text(place);
  answer["text"] = as_utf8(text);
  answer["lossy"] = true;  // U+FFFD stands where it is no UTF-8
}

void put_binary(Json& answer, std::string_view bytes) {
  const std::string type = image_type(bytes);
  answer["kind"] = type.empty() ? "binary" : "image";
  answer["type"] = type.empty() ? "application/octet-stream" : type;
  answer["base64"] = berth::base64(bytes);
}

struct ReadLines {
  std::string text;
  std::uint64_t count = 0;
  bool more = false;        // the file goes on after them
  bool cut = false;         // the last one is not whole
  bool past_bound = false;  // the first of them was too far behind to look for
  std::size_t last = 0;     // where the last one begins

  void begin() {
    ++count;
    last = text.size();
  }
  // There is no room for more: whole lines only, unless there is no other.
  void leave_off() {
    more = true;
    if (text.back() == '\n') return;
    cut = count == 1;
    if (cut) return;
    --count;
    text.resize(last);
  }
};

// From line `first` (counted from 1) at most `wanted`. Holds no more than what it gives.
ReadLines lines_from(const Opened& one, std::uint64_t first, std::uint64_t wanted) {
  ReadLines lines;
  std::uint64_t line = 1;
  constexpr std::size_t step = 256u << 10;
  for (std::uint64_t at = 0;; at += step) {
    if (at >= most_whole) return lines.past_bound = lines.count == 0, lines.more = true, lines;
    const std::string block = bytes_at(one.file.get(), at, step);
    if (block.empty()) return lines;
    for (std::string_view rest = block; !rest.empty();) {
      if (line >= first + wanted) return lines.more = true, lines;
      if (lines.text.size() >= most_text) return lines.leave_off(), lines;
      const auto end = rest.find('\n');
      const auto piece = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
      rest.remove_prefix(piece.size());
      if (line >= first) {
        if (lines.text.empty() || lines.text.back() == '\n') lines.begin();
        const std::size_t room = most_text - lines.text.size();
        lines.text += piece.substr(0, room);
        if (piece.size() > room) return lines.leave_off(), lines;
      }
      if (end != std::string_view::npos) ++line;
    }
  }
}

// The text of the last lines, from the end backwards.
ReadLines last_lines(const Opened& one, std::uint64_t wanted) {
  const std::uint64_t have = std::min<std::uint64_t>(one.size(), most_text);
  ReadLines lines;
  const std::string all = bytes_at(one.file.get(), one.size() - have, static_cast<std::size_t>(have));
  std::string_view text(all);
  std::size_t at = text.size();
  while (at > 0 && lines.count < wanted) {
    const auto before = at < 2 ? std::string_view::npos : text.rfind('\n', at - 2);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    lines.cut = begin == 0 && have < one.size();
    if (lines.cut && lines.count > 0) break;  // whole lines, unless there is none
    at = begin;
    ++lines.count;
  }
  lines.text = std::string(text.substr(at));
  lines.more = at > 0 || have < one.size();
  return lines;
}

Json by_lines(const Asked& asked, const Opened& one, Json answer) {
  const bool as_text = asked.text("as", "auto") == "text";
  answer["kind"] = "text";
  if (asked.input.contains("tail")) {
    ReadLines lines = last_lines(one, asked.input.at("tail").get<std::uint64_t>());
    std::size_t front = 0;
    put_text(answer, lines.cut ? without_cuts(lines.text, front, true, false) : lines.text, as_text, one.place);
    answer["lines"] = lines.count;
    answer["truncated"] = lines.more;
    return answer;
  }
  const bool head = asked.input.contains("head");
  const std::uint64_t first = asked.input.value("from_line", std::uint64_t{1});
  const std::uint64_t wanted = asked.input.value(head ? "head" : "lines", std::uint64_t{usual_lines});
  ReadLines lines = lines_from(one, first, wanted);
  if (lines.past_bound) throw too_large(one);
  std::size_t front = 0;
  put_text(answer, lines.cut ? without_cuts(lines.text, front, false, true) : lines.text, as_text, one.place);
  answer["from_line"] = first;
  answer["lines"] = lines.count;
  answer["truncated"] = lines.more;
  if (lines.more && !lines.cut) answer["next_line"] = first + lines.count;
  if (lines.cut) answer["cut_line"] = first + lines.count - 1;  // too long for an answer: by bytes it can be had
  return answer;
}

Json by_bytes(const Asked& asked, const Opened& one, Json answer) {
  const std::string as = asked.text("as", "auto");
  std::uint64_t from = asked.input.value("from", std::uint64_t{0});
  const std::size_t most = as == "binary" ? most_binary : most_text;
  const std::size_t wanted = std::min<std::uint64_t>(asked.input.value("bytes", std::uint64_t{most}), most);
  const std::string bytes = bytes_at(one.file.get(), from, wanted);
  std::size_t front = 0;
  // What lies at the file's own begin or end is not cut, but broken.
  std::string_view whole = without_cuts(bytes, front, from > 0, from + bytes.size() < one.size());
  if (whole.empty()) whole = bytes, front = 0;  // less than one character was asked for
  if (as != "binary" && (as == "text" || (is_text(whole) && !whole.empty()))) {
    from += front;
    answer["kind"] = "text";
    put_text(answer, whole, as == "text", one.place);
  } else {
    whole = bytes;
    put_binary(answer, bytes);
    if (from > 0) answer["kind"] = "binary";
  }
  answer["from"] = from;
  answer["bytes"] = whole.size();
  answer["truncated"] = from + whole.size() < one.size();
  return answer;
}

// Of a file that nobody says anything of: its first bytes tell.
bool looks_like_text(const Opened& one) {
  const std::string begin = bytes_at(one.file.get(), 0, 8192);
  return image_type(begin).empty() && is_text(begin, begin.size() < one.size());
}

}  // namespace

Json read_file(const Asked& asked) {
  const Opened one = open_asked(asked);
  Json answer = file_facts(one.place, one.found);
  const std::string as = asked.text("as", "auto");
  const auto given = [&](const char* field) { return asked.input.contains(field); };
  const bool lines = given("from_line") || given("lines") || given("head") || given("tail");
  const bool bytes = given("from") || given("bytes");
  const int ways = (given("from_line") || given("lines") ? 1 : 0) + given("head") + given("tail") + bytes;
  if (ways > 1)
    throw Error(422, "bad_range", "a part is told in one way: by from_line and lines, head, tail, or from and bytes",
                "leave out all but one");
  if (lines) return by_lines(asked, one, std::move(answer));
  if (bytes) return by_bytes(asked, one, std::move(answer));
  if (one.size() > most_whole) throw too_large(one);
  if (as == "text" || (as == "auto" && looks_like_text(one))) return by_lines(asked, one, std::move(answer));
  if (one.size() > most_binary) throw too_large(one);
  put_binary(answer, bytes_at(one.file.get(), 0, most_binary));
  answer["truncated"] = false;
  return answer;
}

}  // namespace workspace
