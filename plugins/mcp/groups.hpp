// Which tools one endpoint shows: all within a budget, those of a few plugins, or of one group.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "catalogue.hpp"

namespace mcp {

struct Settings {
  std::size_t budget = 16'000;  // bytes of the tools that /mcp lists; 0: no bound
  std::size_t page = 200;       // entries of a list that one answer has
  std::chrono::seconds away{600}, watch{30}, task{10};
};

struct Group {
  std::string name, about;
  std::set<std::string> holds;  // plugins and operations; empty: all
  bool familiar = false;        // its tools are those of another server
};

// Those that come with Berth, and those of berth.lua: {"research": ["browser", "workspace.read"]}.
class Groups {
 public:
  explicit Groups(const Json& more = Json::object());
  const std::vector<Group>& all() const { return m_all; }
  const Group* find(std::string_view name) const;  // null: there is none

 private:
  std::vector<Group> m_all;
};
std::string absence_of(const Group& group);  // why it has no tools

struct Selection {
  std::string server;            // a group's name; empty: /mcp itself
  const Group* group = nullptr;  // that one
  std::set<std::string> only;    // of these plugins and operations; empty: all
  bool bounded = false;          // by the budget
};
Selection selection_of(const Group* group, const std::string& words);  // "kernel,shell" of a query
bool covers(const Selection& selection, const Offer& offer);

// What of `offers` a list of tools shows: all of them, or without their output schemas, or as many as have room.
struct Shown {
  std::vector<const Offer*> offers;
  bool outputs = true;
};
// `more`: bytes that each entry has besides.
Shown within(std::vector<const Offer*> offers, std::size_t budget, std::size_t more = 0);

}  // namespace mcp
