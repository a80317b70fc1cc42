// Read backwards, in blocks: a log of gigabytes costs what its last lines do.
#include "log_file.hpp"

#include <berth/output.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fields.hpp"
#include "places.hpp"

namespace machine {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_tail = 256u << 10;

std::string block(int file, std::uint64_t at, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file, bytes.data(), size, static_cast<off_t>(at));
  if (got < 0) throw Error(500, "disk_error", std::string("the file cannot be read: ") + std::strerror(errno));
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

// Where the last `lines` lines begin; npos: there are not so many.
std::size_t begin_of_last(const std::string& text, std::size_t lines) {
  std::size_t end = text.size();  // of the line that is looked at, behind its line feed
  for (std::size_t found = 0; end > 0;) {
    const auto at = end < 2 ? std::string::npos : text.rfind('\n', end - 2);
    if (at == std::string::npos) return std::string::npos;
    if (++found == lines) return at + 1;
    end = at + 1;
  }
  return std::string::npos;
}

Place open_log(std::string folder, bool also_private, std::string path) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  if (path.substr(0, folder.size() + 1) == folder + "/") path.erase(0, folder.size() + 1);
  if (path.empty() || path[0] == '/' || path.find('\0') != std::string::npos)
    throw Error(403, "not_a_log", "only what is in " + folder + " is read as a log",
                "name a file in it, as \"syslog\"");
  berth::Fd top(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top) throw Error(501, "no_logs", "there is no " + folder + " here");
  const std::string hint =
      "the operator opens such logs in berth.lua: plugin \"system\" { config = { private_logs = true } }";
  return open_place(std::move(top), path, folder + "/" + path, also_private ? nullptr : &hint);
}

}  // namespace

End end_of(int file, std::uint64_t size, std::size_t lines, std::size_t most) {
  End end;
  std::string text;
  std::size_t begin = std::string::npos;
  for (std::uint64_t at = size; at > 0 && text.size() < most && begin == std::string::npos;) {
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>({at, 64u << 10, most - text.size()}));
    at -= piece;
    text.insert(0, block(file, at, piece));
    begin = begin_of_last(text, lines);
    end.truncated = at > 0;
  }
  if (begin != std::string::npos) {
    end.truncated = true;
    text.erase(0, begin);
  } else if (end.truncated) {  // the bytes were not enough: the first line is cut, unless it is the only one
    const auto next = text.find('\n');
    text.erase(0, next != std::string::npos && next + 1 < text.size() ? next + 1 : berth::first_whole(text));
  }
  end.lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (!text.empty() && text.back() != '\n') ++end.lines;
  end.text = std::move(text);
  return end;
}

Json read_log(const std::string& folder, bool also_private, const Json& input) {
  const Place place = open_log(folder, also_private, input.at("path").get<std::string>());
  const berth::Fd file = readable_file(place);
  const auto size = static_cast<std::uint64_t>(place.facts.st_size);
  const End end = end_of(file.get(), size, input.value("lines", 100u), most_tail);
  if (end.text.find('\0') != std::string::npos)
    throw Error(422, "not_text", place.path + " is not text", "it is packed, or a database such as wtmp");
  return {{"path", shown(place.path, 4096)}, {"size", size},       {"modified", utc(place.facts.st_mtim.tv_sec)},
          {"text", berth::clean(end.text)},  {"lines", end.lines}, {"truncated", end.truncated}};
}

}  // namespace machine
