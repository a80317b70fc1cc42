// The one way to what lies in a workspace. Everything is opened beneath its folder's descriptor by openat2, so that
// neither a name nor a link, nor one that is swapped meanwhile, leads out of it. All of this may block.
#pragma once

#include <berth/call.hpp>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <berth/beneath.hpp>
#include <berth/fd.hpp>
#include "place.hpp"

namespace workspace {

class Root {
 public:
  struct Given {
    berth::Fd folder;
    uid_t user = 0;           // of the agent
    std::uint64_t quota = 0;  // bytes; 0: no bound
    std::vector<std::string> aliases = {};
  };
  explicit Root(Given given) : m_given(std::move(given)) {}

  int fd() const { return m_given.folder.get(); }
  uid_t user() const { return m_given.user; }
  std::uint64_t quota() const { return m_given.quota; }
  const std::vector<std::string>& aliases() const { return m_given.aliases; }
  Place place(std::string_view asked) const { return place_of(asked, m_given.aliases); }

  // To read. Links are followed as long as they stay inside, and none in the place of the todo: it is what the agent
  // wrote there and nothing that lies elsewhere. All throw Error.
  berth::Fd open_file(const Place& place) const;  // a regular file; anything else is not opened
  berth::Fd open_folder(const Place& place) const;
  struct stat look(const Place& place, bool follow) const;  // 404 if it is not there

  // To change what is in a folder: the folder, by which openat, renameat, … then work on the last piece of the path
  // alone (with O_NOFOLLOW). Links in the way are followed only within the part, so that none leads from output/ to
  // upload/. With `make`, folders that are missing are made, and are the agent's. Rights are not asked for here.
  berth::Fd folder_to_change(const Place& place, bool make = false) const;
  // The same of a folder itself.
  berth::Fd open_to_change(const Place& folder, bool make = false) const;

  // What was made is the agent's, unless it is in upload/.
  void give(int fd, const Place& place) const;

 private:
  Given m_given;
};

using berth::open_beneath;
// What went wrong, in words for a client: 404, 403, 409, 422, 507, …
berth::Error failure(int number, const Place& place);
// "a pipe", "a socket", "a device", "a folder", "a link", "a file"
std::string_view kind_of(mode_t mode);

}  // namespace workspace
