// The agent may swap anything in there at any time, so all is opened beneath the workspace's descriptor; what is
// written has a name of its own until it is whole.
#include "files.hpp"

#include <berth/beneath.hpp>
#include <berth/call.hpp>
#include <berth/output.hpp>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "words.hpp"

namespace browser {

using berth::Error;
using berth::Fd;

namespace {

constexpr std::size_t longest_file_name = 180, deepest_folder = 20;
constexpr int most_numbers = 1000;

Error bad_path(std::string why) {
  return {422, "bad_path", std::move(why), "say it from /workspace on: output/page.pdf"};
}

Error cannot(const char* what, const std::string& path, int number) {
  if (number == ENOENT || number == ENOTDIR)
    return {404, "no_file", "there is no file /workspace/" + path, "workspace.list shows what there is"};
  if (number == ENOSPC || number == EDQUOT)
    return {507, "no_room", "the workspace has no room for /workspace/" + path, "remove something from it first"};
  if (number == EXDEV || number == ELOOP) return {403, "outside", "/workspace/" + path + " leads out of the workspace"};
  return {422, "bad_path", "cannot " + std::string(what) + " /workspace/" + path + ": " + std::strerror(number)};
}

// Made where it is missing, and the agent's then.
Fd folder_for(const berth::Workspace& workspace, const std::string& path) {
  std::size_t end = 0, depth = 0;
  Fd folder(berth::open_beneath(workspace.folder(), "", O_RDONLY | O_DIRECTORY, false));
  while (folder && end < path.size()) {
    const std::size_t begin = end == 0 ? 0 : end + 1;
    end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    if (++depth > deepest_folder) throw bad_path("that is too deep");
    const bool made = depth > 1 && ::mkdirat(folder.get(), name.c_str(), 0755) == 0;
    Fd next(berth::open_beneath(folder.get(), name, O_RDONLY | O_DIRECTORY, false));
    if (made && next && ::fchown(next.get(), workspace.user(), workspace.user()) != 0) errno = 0;
    if (!next) throw cannot("write", path, errno == ENOTDIR ? ENOTSUP : errno);
    folder = std::move(next);
  }
  if (!folder) throw cannot("write", path, errno);
  return folder;
}

class NewFile {
 public:
  NewFile(const berth::Workspace& workspace, const std::string& folder, std::string path)
      : m_path(std::move(path)), m_folder(folder_for(workspace, folder)), m_name(".browser-" + random_hex(8)) {
    m_file = Fd(
        berth::open_beneath(m_folder.get(), m_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, false, 0644));
    if (!m_file) throw cannot("write", m_path, errno);
    if (::fchown(m_file.get(), workspace.user(), workspace.user()) != 0) errno = 0;  // without root it is the agent's
  }
  NewFile(const NewFile&) = delete;
  ~NewFile() {
    if (!m_done) ::unlinkat(m_folder.get(), m_name.c_str(), 0);
  }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto put = ::write(m_file.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) throw cannot("write", m_path, errno);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  bool come_to(const std::string& name, bool over) {
    const int failed =
        over ? ::renameat(m_folder.get(), m_name.c_str(), m_folder.get(), name.c_str())
             : ::renameat2(m_folder.get(), m_name.c_str(), m_folder.get(), name.c_str(), RENAME_NOREPLACE);
    if (failed != 0 && !over && errno == EEXIST) return false;
    if (failed != 0) throw cannot("write", m_path, errno == ENOENT ? EIO : errno);
    return m_done = true;
  }

 private:
  const std::string m_path;
  const Fd m_folder;
  const std::string m_name;
  Fd m_file;
  bool m_done = false;
};

std::string_view beneath(std::string_view path, const std::vector<std::string>& aliases) {
  if (path.empty() || path.front() != '/') return path;
  const auto strip = [&path](std::string_view name) {
    if (name.empty() || path.substr(0, name.size()) != name || (path.size() > name.size() && path[name.size()] != '/'))
      return false;
    path.remove_prefix(name.size());
    return true;
  };
  bool known = strip("/workspace");
  for (const auto& one : aliases) known = known || strip(one);
  if (!known) throw bad_path("an absolute path begins with /workspace");
  return path;
}

void demand(const berth::Workspace& workspace, std::uint64_t size) {
  if (const auto most = most_of_one(workspace); size > most)
    throw Error(
        413, "file_too_large",
        "it has " + std::to_string(size) + " bytes; one file of the browser's may have " + std::to_string(most));
}

}  // namespace

std::string place_of(std::string_view said, const std::vector<std::string>& aliases) {
  std::string path;
  std::string_view rest = beneath(said, aliases);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (piece.empty() || piece == ".") continue;
    if (piece == ".." || piece.find('\0') != piece.npos) throw bad_path("\"..\" has no place in a path here");
    if (piece.size() > 255) throw bad_path("a name has at most 255 bytes");
    path += (path.empty() ? "" : "/") + std::string(piece);
  }
  if (path.empty()) throw bad_path("which file?");
  return path;
}

std::string place_to_write(std::string_view said, const std::vector<std::string>& aliases) {
  const std::string path = place_of(said, aliases);
  const auto first = path.substr(0, path.find('/'));
  if ((first != "output" && first != "deploy") || first.size() == path.size())
    throw bad_path("files are written into output/ or deploy/");
  return path;
}

Fd open_file(const berth::Workspace& workspace, std::string_view said, std::uint64_t most) {
  const std::string path = place_of(said, workspace.aliases());
  Fd file(berth::open_beneath(workspace.folder(), path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  struct stat found = {};
  if (!file || ::fstat(file.get(), &found) != 0) throw cannot("read", path, errno);
  if (!S_ISREG(found.st_mode)) throw Error(422, "no_file", "/workspace/" + path + " is no file");
  if (static_cast<std::uint64_t>(found.st_size) > most)
    throw Error(413, "file_too_large",
                "/workspace/" + path + " has " + std::to_string(found.st_size) + " bytes; " + std::to_string(most) +
                    " are the most");
  return file;
}

std::uint64_t size_of(const Fd& file) {
  struct stat found = {};
  return ::fstat(file.get(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

std::string read_file(const berth::Workspace& workspace, std::string_view said, std::uint64_t most) {
  const Fd file = open_file(workspace, said, most);
  std::string all(std::min(most, size_of(file)), '\0');
  std::size_t done = 0;
  while (done < all.size()) {
    const auto got = ::read(file.get(), all.data() + done, all.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw cannot("read", std::string(said), errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  all.resize(done);
  return all;
}

std::uint64_t most_of_one(const berth::Workspace& workspace) {
  return workspace.quota() == 0 ? largest_file : std::min(largest_file, workspace.quota() / 4);
}

std::string write_file(const berth::Workspace& workspace, std::string_view said, std::string_view bytes) {
  const std::string path = place_to_write(said, workspace.aliases());
  demand(workspace, bytes.size());
  const auto slash = path.rfind('/');
  NewFile file(workspace, path.substr(0, slash), path);
  file.write(bytes);
  file.come_to(path.substr(slash + 1), true);
  return "/workspace/" + path;
}

std::string bring_file(const berth::Workspace& workspace, const std::string& folder, const std::string& name,
                       int from) {
  NewFile file(workspace, folder, folder + "/" + name);
  std::string block(1u << 20, '\0');
  std::uint64_t total = 0;
  for (;;) {
    const auto got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(502, "not_downloaded", std::string("the file cannot be read: ") + std::strerror(errno));
    if (got == 0) break;
    demand(workspace, total += static_cast<std::uint64_t>(got));
    file.write(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
  }
  for (int number = 1; number <= most_numbers; ++number) {
    const std::string one = numbered(name, number);
    if (file.come_to(one, false)) return "/workspace/" + folder + "/" + one;
  }
  throw Error(409, "name_taken", "there are " + std::to_string(most_numbers) + " files with the name " + name);
}

std::string safe_name(std::string_view suggested) {
  if (const auto slash = suggested.find_last_of("/\\"); slash != suggested.npos) suggested.remove_prefix(slash + 1);
  std::string name;
  const std::string whole = berth::clean(suggested);
  for (const char c : whole) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 0x20 || byte == 0x7f || std::strchr("<>:\"|?*", c) ? '_' : c;
  }
  // Signs that turn the direction of a text round make "txt.exe" of "exe.txt".
  for (const char* turn : {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"})
    for (std::size_t at; (at = name.find(turn)) != name.npos;) name.replace(at, std::strlen(turn), "_");
  while (!name.empty() && (name.front() == '.' || name.front() == ' ')) name.erase(0, 1);
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
  if (name.size() > longest_file_name) {
    const auto dot = name.rfind('.');
    const std::string ending = dot != name.npos && name.size() - dot <= 12 ? name.substr(dot) : "";
    name = name.substr(0, longest_file_name - ending.size());
    name.resize(berth::whole_size(name));
    name += ending;
  }
  return name.empty() ? "download" : name;
}

std::string numbered(const std::string& name, int number) {
  if (number <= 1) return name;
  const auto dot = name.rfind('.');
  const std::size_t at = dot == name.npos || dot == 0 ? name.size() : dot;
  return name.substr(0, at) + " (" + std::to_string(number) + ")" + name.substr(at);
}

}  // namespace browser
