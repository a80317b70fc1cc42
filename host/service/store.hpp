// A folder of somebody's own, and nothing outside it, however a name is spelled or a link laid. Work for disks: on
// threads that may block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"
#include "service/store_room.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

class Store {
 public:
  struct Entry {
    std::string name;
    std::uint64_t size = 0;
    bool folder = false;
    std::int64_t modified_ms = 0;
  };
  // Made, 0700, if it is not there. It holds no more than `limit` bytes, unless that is 0; files count as whole blocks.
  static Result<Store> open(const std::string& path, std::uint64_t limit = 0);

  // Names are relative: "notes/today.txt". Folders are made as they are needed.
  Result<std::string> read(std::string_view name, std::uint64_t at_most) const;
  Result<UniqueFd> open_file(std::string_view name) const;  // to read
  // The old content or the new, never half of it; with `sync` it is on the disk when this returns. 507 store_full: it
  // would hold too much.
  std::optional<Error> write(std::string_view name, std::string_view content, bool sync) const;
  std::optional<Error> append(std::string_view name, std::string_view content, bool sync) const;
  std::optional<Error> remove(std::string_view name) const;  // a file, or a folder that is empty
  const std::string& path() const { return m_path; }
  Result<std::vector<Entry>> list(std::string_view folder) const;

 private:
  struct Place {  // of a name
    UniqueFd folder;
    std::string last;
  };
  Store(UniqueFd root, std::string path, std::unique_ptr<StoreRoom> room)
      : m_root(std::move(root)), m_path(std::move(path)), m_room(std::move(room)) {}
  Result<UniqueFd> enter(std::string_view name, int flags, unsigned mode) const;
  Result<Place> place_of(std::string_view name, bool make) const;
  Error failure(const char* what, std::string_view name, int number) const;
  std::optional<Error> put(const Place& place, std::string_view name, std::string_view content, bool sync) const;
  std::shared_ptr<const void> take(std::uint64_t weight) const;  // null: it does not fit; else held until it is written
  void give_back(std::uint64_t weight) const {
    if (m_room) m_room->give_back(weight);
  }
  std::optional<Error> full(std::string_view name) const;

  UniqueFd m_root;
  std::string m_path;
  std::unique_ptr<StoreRoom> m_room;  // null: it has no limit
};

}  // namespace berth::service
