// What a person does with mouse and keys, done to a tab's page: real events, which the page cannot tell from a
// person's.
#pragma once

#include <string>
#include <vector>

#include "element.hpp"

namespace browser {

struct Click {
  std::string button = "left";
  int count = 1;
  int held = 0;  // modifiers
};

Task<void> click(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, Click how);
Task<void> click_at(Patience& patience, std::shared_ptr<Tab> tab, Point point, Click how);
Task<void> hover(Patience& patience, std::shared_ptr<Tab> tab, Meant meant);
Task<void> drag(Patience& patience, std::shared_ptr<Tab> tab, Meant from, Meant to);
Task<void> fill(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string text);
// Key by key, into what has the focus; `meant` gets it first, if it is given.
Task<void> type(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string text);
Task<void> press(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string keys);
Task<Json> choose(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, Json values);
Task<void> check(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, bool wanted);
Task<Json> scroll(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, double x, double y);

}  // namespace browser
