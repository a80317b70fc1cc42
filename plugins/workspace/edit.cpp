// A text that is found twice is not replaced at all: whoever asks has to say which one is meant.
#include "edit.hpp"

#include <fcntl.h>

#include <algorithm>
#include <vector>

#include "content.hpp"
#include "diff.hpp"
#include "entry.hpp"
#include "new_file.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_places = 100'000;

std::vector<std::size_t> places_of(const std::string& text, const std::string& part) {
  std::vector<std::size_t> all;
  for (auto at = text.find(part); at != std::string::npos && all.size() <= most_places;
       at = text.find(part, at + part.size())) {
    all.push_back(at);
  }
  return all;
}

std::string line_numbers(const std::string& text, const std::vector<std::size_t>& places) {
  std::string list;
  for (std::size_t i = 0; i < places.size() && i < 5; ++i) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(places[i]), '\n');
    list += (i > 0 ? ", " : "") + std::to_string(line);
  }
  return list + (places.size() > 5 ? ", …" : "");
}

std::string with_crlf(const std::string& text) {
  std::string all;
  for (const char c : text) all += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return all;
}

Error no_match(const std::string& text, const std::string& part, const std::string& which) {
  const bool crlf = part.find('\r') == std::string::npos && text.find(with_crlf(part)) != std::string::npos;
  return Error(
      422, "no_match", which + ": the old text is not there",
      crlf ? "the file's lines end with \\r\\n" : "it must be the same to the last space; read the file again");
}

std::string replace(const std::string& text, const std::vector<std::size_t>& places, std::size_t size,
                    const std::string& by) {
  std::string all;
  std::size_t from = 0;
  for (const std::size_t at : places) {
    all.append(text, from, at - from);
    all += by;
    from = at + size;
    if (all.size() > 2 * most_edited) throw Error(413, "file_too_large", "the file would become too large");
  }
  return all.append(text, from);
}

// The file as it is, and what is known of it.
std::string current(const Asked& asked, const Place& place, struct stat& found) {
  const berth::Fd folder = asked.root.folder_to_change(place);
  if (::fstatat(folder.get(), place.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) throw failure(errno, place);
  if (S_ISLNK(found.st_mode)) throw failure(ELOOP, place);
  if (S_ISDIR(found.st_mode)) throw failure(EISDIR, place);
  const bool file_there = S_ISREG(found.st_mode);
  const berth::Fd file(file_there ? open_beneath(folder.get(), place.name(), O_RDONLY | O_NONBLOCK | O_NOCTTY, false)
                                  : -1);
  if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode))
    throw failure(file_there ? errno : ENXIO, place);
  if (static_cast<std::uint64_t>(found.st_size) > most_edited) {
    throw Error(413, "file_too_large", place.shown() + " is too large to be edited so",
                "at most " + std::to_string(most_edited) + " bytes");
  }
  std::string text = bytes_at(file.get(), 0, most_edited);
  if (!is_text(text)) throw Error(422, "not_text", place.shown() + " is no text of UTF-8");
  return text;
}

}  // namespace

std::string edited(std::string text, const Json& edits, std::size_t& replaced) {
  replaced = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const std::string which = "edit " + std::to_string(i + 1);
    const std::string part = edits[i].at("old_text"), by = edits[i].at("new_text");
    const auto places = places_of(text, part);
    if (places.empty()) throw no_match(text, part, which);
    if (places.size() > 1 && !edits[i].value("all", false)) {
      throw Error(422, "many_matches",
                  which + ": the old text is there " + std::to_string(places.size()) + " times, in lines " +
                      line_numbers(text, places),
                  "say more of what is around it, or all: true");
    }
    if (places.size() > most_places) {
      throw Error(413, "too_many_matches",
                  which + ": the old text is there more than " + std::to_string(most_places) + " times",
                  "say more of what is around it, or write the file anew");
    }
    text = replace(text, places, part.size(), by);
    replaced += places.size();
  }
  return text;
}

Json edit_file(const Asked& asked) {
  const Place place = asked.place_to_change();
  const std::lock_guard lock(asked.changing);
  struct stat found;
  const std::string before = current(asked, place, found);
  demand_etag(asked.text("expect_etag"), &found, place);
  std::size_t replaced = 0;
  const std::string after = edited(before, asked.input.at("edits"), replaced);
  bool cut = false;
  std::string diff = unified_diff(before, after, escaped(place.path), most_diff, cut);
  if (!asked.flag("dry_run") && after != before) {
    const std::uint64_t freed = taken(found);
    auto promise = asked.usage.demand(asked.root, after.size(), freed);
    NewFile half(asked.root, place, false);
    promise.covers(half.fd());
    half.write(after);
    found = half.put(NewFile::Over::file, found.st_mode);
    promise.became(found.st_blocks * 512 - static_cast<std::int64_t>(freed));
  }
  Json answer = file_facts(place, found);
  answer["replaced"] = replaced;
  answer["diff"] = std::move(diff);
  answer["truncated"] = cut;
  if (asked.flag("dry_run")) answer["dry_run"] = true;
  return answer;
}

}  // namespace workspace
