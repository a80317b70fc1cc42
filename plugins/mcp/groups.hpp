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
  std::chrono::seconds away{600}, watch{30};
};

struct Group {
  std::string name, about;
  std::vector<std::string> plugins;  // whose operations it has; empty: all
};
const std::vector<Group>& groups();
const Group* find_group(std::string_view name);
std::string absence_of(const Group& group);  // why it has no tools

struct Selection {
  std::string server;             // a group's name; empty: /mcp itself
  std::set<std::string> plugins;  // empty: all
  bool bounded = false;           // by the budget
};
// "kernel,shell" of a query; false, with the word in `wrong`, if it is no such list.
Selection selection_of(const std::string& server, const std::string& words);
bool covers(const Selection& selection, const Offer& offer);

// What of `offers` a list of tools shows: all of them, or without their output schemas, or as many as have room.
struct Shown {
  std::vector<const Offer*> offers;
  bool outputs = true;
};
Shown within(std::vector<const Offer*> offers, std::size_t budget);

}  // namespace mcp
