// A package, copied with some parts replaced, added or left out: the packed bytes of all others stay as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "archive.hpp"

namespace ooxml {

struct Changes {
  // By the entry's name ("xl/workbook.xml", without the "/" of a part): its new text. Of big ones a source, which is
  // asked for when it is its turn, once; it may throw, and `rewrite` throws what it threw.
  std::map<std::string, std::function<std::unique_ptr<Source>()>> parts;
  std::set<std::string> without;  // names that are left out
};

// Writes the whole to a descriptor that is open for writing, at its beginning, and cuts off what follows: entries in
// their old order, those that are new after them. The file is complete when it returns, and flushed to the disk, so
// that the caller can rename it into place. Entries that cannot be read, and folders, are left out. Throws `Spoiled`
// where the old archive cannot be read, or where the new one cannot be written ("unwritable").
void rewrite(const Archive& archive, const Changes& changes, int to);

}  // namespace ooxml
