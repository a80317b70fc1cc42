// A folder of a hundred thousand is read to its end for each page, and only the page's names are kept and looked at.
#include "list.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "entry.hpp"
#include "folder_names.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

struct Found {
  std::string name;
  struct stat facts;
};

bool look_at(int folder, Found& one) {
  return ::fstatat(folder, one.name.c_str(), &one.facts, AT_SYMLINK_NOFOLLOW) == 0;
}

// Keeps the first `most` of all that come, in an order.
template <class One, class Before>
class Firsts {
 public:
  Firsts(std::size_t most, Before before) : m_most(most), m_before(before) {}
  void add(One one) {
    m_all.push_back(std::move(one));
    if (m_all.size() >= 2 * m_most + 1000) shrink();
  }
  std::vector<One> done() {
    shrink();
    std::sort(m_all.begin(), m_all.end(), m_before);
    return std::move(m_all);
  }

 private:
  void shrink() {
    if (m_all.size() <= m_most) return;
    std::nth_element(m_all.begin(), m_all.begin() + static_cast<std::ptrdiff_t>(m_most), m_all.end(), m_before);
    m_all.resize(m_most);
  }
  const std::size_t m_most;
  const Before m_before;
  std::vector<One> m_all;
};

struct Page {
  std::vector<Found> entries;
  std::size_t total = 0;
  bool more = false;
};

Page by_name(int folder, const std::string& after, std::size_t limit) {
  Page page;
  Firsts<std::string, std::less<>> firsts(limit + 1, {});
  each_name(folder, [&](std::string name) {
    ++page.total;
    if (after.empty() || name > after) firsts.add(std::move(name));
    return page.total < most_looked_at;
  });
  auto names = firsts.done();
  const bool full = names.size() > limit;
  if (full) names.pop_back();
  page.more = full || page.total == most_looked_at;
  for (auto& name : names) {
    page.entries.push_back({std::move(name), {}});
    if (!look_at(folder, page.entries.back())) page.entries.back().facts.st_mode = 0;  // gone meanwhile
  }
  return page;
}

Page by_facts(int folder, const std::string& sort, std::size_t limit) {
  Page page;
  const bool size = sort == "size";
  const auto before = [size](const Found& a, const Found& b) {
    const auto key = [size](const Found& one) {
      return size ? std::pair<std::int64_t, std::int64_t>{one.facts.st_size, 0}
                  : std::pair<std::int64_t, std::int64_t>{one.facts.st_mtim.tv_sec, one.facts.st_mtim.tv_nsec};
    };
    return key(a) != key(b) ? key(a) > key(b) : a.name < b.name;
  };
  Firsts<Found, decltype(before)> firsts(limit, before);
  each_name(folder, [&](std::string name) {
    ++page.total;
    Found one{std::move(name), {}};
    if (look_at(folder, one)) firsts.add(std::move(one));
    return page.total < most_looked_at;
  });
  page.entries = firsts.done();
  page.more = page.total > page.entries.size();
  return page;
}

void add_target(Json& entry, int folder, const Found& one) {
  if (!S_ISLNK(one.facts.st_mode)) return;
  std::string target(4096, '\0');
  const ssize_t size = ::readlinkat(folder, one.name.c_str(), target.data(), target.size());
  if (size >= 0) entry["target"] = escaped(std::string_view(target).substr(0, static_cast<std::size_t>(size)));
}

std::vector<Found> sorted_entries(int top, const std::string& below, std::size_t most, bool& more) {
  const berth::Fd open(open_beneath(top, below, O_RDONLY | O_DIRECTORY, false));
  if (!open) return {};  // gone meanwhile, or not to be read
  Page page = by_name(open.get(), {}, most);
  more = page.more;
  return std::move(page.entries);
}

// A tree grows in rings, so that one large folder does not hide its neighbours.
struct Node {
  Json entry;
  std::string below;  // the folder that is shown, which links may have led to
  std::size_t parent = 0;
  bool folder = false;
  bool cut = false;
};

void grow(int top, std::vector<Node>& nodes, std::size_t at, std::size_t limit) {
  bool more = false;
  const std::size_t room = limit - std::min(limit, nodes.size() - 1);
  const auto entries = sorted_entries(top, nodes[at].below, room, more);
  nodes[at].cut = more;
  for (const auto& one : entries) {
    if (one.facts.st_mode == 0) continue;
    const std::string& folder = nodes[at].below;
    nodes.push_back({entry_of(one.name, one.facts), folder.empty() ? one.name : folder + "/" + one.name, at,
                     S_ISDIR(one.facts.st_mode)});
  }
}

// Children come after their parents, so the last is put into its own first.
Json as_tree(std::vector<Node>& nodes) {
  for (auto& node : nodes) {
    if (node.folder) node.entry["children"] = Json::array();
    if (node.cut) node.entry["truncated"] = true;
  }
  for (std::size_t i = nodes.size(); i-- > 1;) {
    nodes[nodes[i].parent].entry["children"].push_back(std::move(nodes[i].entry));
  }
  return std::move(nodes[0].entry);
}

void turn_children(Json& node) {
  const auto at = node.find("children");
  if (at == node.end()) return;
  std::reverse(at->begin(), at->end());
  for (auto& child : *at) turn_children(child);
}

bool may_change(const Place& place, const std::string& scope) {
  if (scope == "read") return false;
  try {
    demand_change(place, scope);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Json list_folder(const Asked& asked) {
  const Place place = asked.place();
  const berth::Fd folder = asked.root.open_folder(place);
  const std::string sort = asked.text("sort", "name"), after = unescaped(asked.text("after"));
  const std::size_t limit = asked.input.value("limit", usual_entries);
  if (!after.empty() && sort != "name") {
    throw Error(422, "bad_page", "only a list that is sorted by name goes on after one", "leave sort or after away");
  }
  const Page page = sort == "name" ? by_name(folder.get(), after, limit) : by_facts(folder.get(), sort, limit);
  Json answer{{"path", place.shown()}, {"entries", Json::array()}, {"total", page.total}, {"truncated", page.more}};
  for (const auto& one : page.entries) {
    if (one.facts.st_mode == 0) continue;
    Json entry = entry_of(one.name, one.facts);
    add_target(entry, folder.get(), one);
    answer["entries"].push_back(std::move(entry));
  }
  if (page.more && sort == "name" && !page.entries.empty()) answer["next"] = escaped(page.entries.back().name);
  return answer;
}

Json show_tree(const Asked& asked) {
  const Place place = asked.place();
  const berth::Fd folder = asked.root.open_folder(place);  // says what is wrong with it, if anything is
  struct stat found;
  if (::fstat(folder.get(), &found) != 0) throw failure(errno, place);
  const std::size_t limit = asked.input.value("limit", usual_nodes), depth = asked.input.value("depth", usual_depth);
  std::vector<Node> nodes;
  nodes.push_back({entry_of(place.path.empty() ? "workspace" : place.name(), found), {}, 0, true});
  std::size_t ring = 0;
  for (std::size_t level = 0; level < depth; ++level) {
    const std::size_t end = nodes.size();
    for (; ring < end; ++ring) {
      if (nodes[ring].folder) grow(folder.get(), nodes, ring, limit);
    }
  }
  const bool truncated = std::any_of(nodes.begin(), nodes.end(), [](const Node& one) { return one.cut; });
  for (; ring < nodes.size(); ++ring) nodes[ring].folder = false;  // too deep: not looked into, so no children are told
  const std::size_t count = nodes.size() - 1;
  Json tree = as_tree(nodes);
  turn_children(tree);
  return {{"path", place.shown()}, {"tree", std::move(tree)}, {"entries", count}, {"truncated", truncated}};
}

Json show_facts(const Asked& asked) {
  const Place place = asked.place();
  const struct stat found = asked.root.look(place, false);
  Json answer = entry_of(place.path.empty() ? "workspace" : place.name(), found);
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(found.st_mode & 07777));
  answer["path"] = place.shown();
  answer["mode"] = mode;
  answer["names"] = found.st_nlink;
  answer["on_disk"] = static_cast<std::uint64_t>(found.st_blocks) * 512;
  answer["may_change"] = may_change(place, asked.scope);
  if (S_ISREG(found.st_mode)) answer["etag"] = etag_of(found);
  if (!S_ISLNK(found.st_mode)) return answer;
  const berth::Fd folder(open_beneath(asked.root.fd(), place.folder(), O_PATH | O_DIRECTORY));
  if (folder) add_target(answer, folder.get(), {place.name(), found});
  const berth::Fd end(open_beneath(asked.root.fd(), place.path, O_PATH));
  struct stat led;
  const bool inside = end && ::fstat(end.get(), &led) == 0;
  answer["leads_to"] = inside ? Json(kind_word(led.st_mode)) : Json(nullptr);  // null: nowhere, or out
  return answer;
}

}  // namespace workspace
