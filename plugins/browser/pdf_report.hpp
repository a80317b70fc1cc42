// What a PDF of the browser's is: its pages, and which of them nothing is on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace browser {

struct PdfPages {
  int count = 0;
  std::vector<int> blank;  // their numbers, from 1 on
};

// Of one as the browser writes it: objects in plain sight, contents packed.
PdfPages pages_of(std::string_view pdf);

}  // namespace browser
