// Folders and their modes, and the two steps: into a name and out of it.
#include "session/seat_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "service/files.hpp"
#include "service/text.hpp"
#include "session/tree.hpp"

namespace berth::session {

namespace fs = std::filesystem;
using service::Error;
using service::Result;

namespace {

constexpr std::string_view making = ".new-", going = ".gone-";
constexpr std::uint64_t largest_record = 1u << 20;

std::string fresh_name(std::string_view mark, const std::string& id) {
  return std::string(mark) + id + "-" + service::hex(service::random_bytes(6));
}

// Of the session whose folder has lost its name; empty: it is no such folder.
std::string_view id_of_going(std::string_view name) {
  constexpr std::size_t ending = 13;  // "-" and what makes it fresh
  if (!name.starts_with(going) || name.size() <= going.size() + ending) return {};
  return name.substr(going.size(), name.size() - going.size() - ending);
}

// Whatever the umask is.
std::optional<Error> make_folder(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return service::file_error("make the folder", path, errno);
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode))
    return service::file_error("make the folder", path, ENOTDIR);
  if ((about.st_mode & 07777) == mode || ::chmod(path.c_str(), mode) == 0) return std::nullopt;
  return service::file_error("open the folder", path, errno);
}

void lead_through(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0) ::chmod(path.c_str(), (about.st_mode & 07777) | 0011);
}

std::optional<Error> move(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return std::nullopt;
  return service::file_error("move", from + " to " + to, errno);
}

// What is given away before it can be reached is still what it was. Not every disk can refuse to replace.
std::optional<Error> move_aside(const std::string& from, const struct stat& about, uid_t user, const std::string& to) {
  const auto free = [&](const std::string& name) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) return true;
    struct stat there {};
    if ((errno != EINVAL && errno != ENOSYS) || ::lstat(name.c_str(), &there) == 0) return false;
    return ::rename(from.c_str(), name.c_str()) == 0;
  };
  if (S_ISLNK(about.st_mode)) {
    if (::unlink(from.c_str()) == 0) return std::nullopt;
  } else {
    if (::lchown(from.c_str(), user, user) != 0 && about.st_uid != user) return service::file_error("own", from, errno);
    if (S_ISDIR(about.st_mode) && about.st_uid != user) {
      if (auto error = give_tree(from, user)) return error;
    }
    if (free(to) || free(to + fresh_name(".", "before"))) return std::nullopt;
  }
  return service::file_error("move away", from, errno);
}

// Programs in the jail cannot write under the workspace itself, so its .todo.jsonl lies in output/. Only the host
// writes there: what stands in the link's way is of an operator, or of a host that made it a file, and is kept.
std::optional<Error> link_todo(const std::string& workspace, uid_t user) {
  constexpr const char* target = "output/.todo.jsonl";
  const std::string link = workspace + "/.todo.jsonl";
  std::error_code none;
  if (fs::read_symlink(link, none) == target) return std::nullopt;
  struct stat about {};
  if (::lstat(link.c_str(), &about) == 0) {
    if (auto error = move_aside(link, about, user, workspace + "/" + target)) return error;
  }
  if (::symlink(target, link.c_str()) == 0) return std::nullopt;
  return service::file_error("make the link", link, errno);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    names.push_back(at->path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Result<Record> read_record(const std::string& file, const std::string& id) {
  const auto text = service::read_regular_file(file, largest_record);
  if (!text && text.error().code == "no_file") return Error{500, "bad_record", "it has no session.json"};
  if (!text) return text.error();
  return Record::parse(id, *text);
}

}  // namespace

Result<std::size_t> SeatFiles::prepare(bool open) {
  m_open = open;
  if (auto error = service::make_directory(m_folder)) return *error;
  if (auto error = make_folder(m_folder, open ? 0711 : 0700)) return *error;
  if (open) lead_through(fs::path(m_folder).parent_path());
  std::size_t ended = 0;
  for (const auto& name : names_in(m_folder)) {
    if (!name.starts_with(making) && !name.starts_with(going)) continue;
    if (auto error = remove_tree(m_folder + "/" + name)) return *error;
    ++ended;
  }
  return ended;
}

std::vector<SeatFiles::Found> SeatFiles::all() const {
  std::vector<Found> found;
  for (const auto& id : names_in(m_folder)) {
    if (is_session_id(id)) found.push_back({id, read_record(record_file(id), id)});
  }
  return found;
}

std::vector<std::string> SeatFiles::strange() const {
  auto names = names_in(m_folder);
  std::erase_if(names, [](const auto& name) { return is_session_id(name); });
  return names;
}

// upload/ and .store/ are the host's, output/ and deploy/ the agent's, with the todo.
std::optional<Error> SeatFiles::furnish(const std::string& seat, uid_t user) const {
  if (auto error = make_folder(seat, m_open ? 0711 : 0700)) return error;
  if (auto error = make_folder(seat + "/workspace", 0755)) return error;
  for (const char* name : {"upload", ".store", "output", "deploy"}) {
    const std::string folder = seat + "/workspace/" + name;
    if (auto error = make_folder(folder, 0755)) return error;
    struct stat about {};
    const bool agents = name[0] == 'o' || name[0] == 'd';
    if (!agents || (::lstat(folder.c_str(), &about) == 0 && about.st_uid == user)) continue;
    if (auto error = give_tree(folder, user)) return error;
  }
  return link_todo(seat + "/workspace", user);
}

std::optional<Error> SeatFiles::make(const Record& record) const {
  const std::string beside = m_folder + "/" + fresh_name(making, record.id);
  auto error = furnish(beside, record.user);
  if (!error) error = service::write_file(beside + "/session.json", record.text());
  if (!error) error = move(beside, seat(record.id));
  if (!error) return std::nullopt;
  remove_tree(beside);
  return error;
}

std::optional<Error> SeatFiles::mend(const Record& record) const { return furnish(seat(record.id), record.user); }

std::optional<Error> SeatFiles::save(const Record& record) const {
  return service::write_file(record_file(record.id), record.text());
}

// With what another try may have left.
std::optional<Error> SeatFiles::remove(const std::string& id) const {
  struct stat about {};
  if (::lstat(seat(id).c_str(), &about) == 0) {
    if (auto error = move(seat(id), m_folder + "/" + fresh_name(going, id))) return error;
  }
  std::optional<Error> left;
  for (const auto& name : names_in(m_folder)) {
    if (id_of_going(name) != id) continue;
    if (auto error = remove_tree(m_folder + "/" + name)) left = error;
  }
  return left;
}

std::optional<std::vector<Record>> recorded_sessions(const std::string& state) {
  const std::string folder = state + "/sessions";
  std::error_code none;
  if (!fs::is_directory(folder, none)) return std::nullopt;
  std::vector<Record> records;
  for (auto& found : SeatFiles(folder).all()) {
    Record record;
    if (found.record) record = std::move(*found.record);
    record.id = found.id;  // a broken one is a session, too
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace berth::session
