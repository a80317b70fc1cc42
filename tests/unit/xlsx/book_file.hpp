// Workbooks made for tests: parts in a zip file that stores them as they are.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "serve/asked.hpp"

namespace xlsx::tests {

using Parts = std::vector<std::pair<std::string, std::string>>;  // names without "/" before, texts

std::string zip(const Parts& parts);

// A workbook of some sheets: the inside of <worksheet> of each, what stands in the workbook after its sheets, and
// shared strings; dates are of style 1.
struct Book {
  std::vector<std::string> sheets;
  std::string workbook = "", strings = "", settings = "";
  Parts more = {};  // further parts, with their content type before a blank: "table+xml xl/tables/table1.xml"
  std::vector<std::string> relations = {};  // of the first sheet: TYPE TARGET
};
Parts parts_of(const Book& book);

// The only file that there is, and what was written.
class Memory : public ooxml::serve::Files {
 public:
  explicit Memory(std::string bytes) : m_bytes(std::move(bytes)) {}
  berth::Fd open(const std::string& path) override;
  std::string etag_of(const std::string&) override { return {}; }
  berth::Json put(const ooxml::serve::Place& place, std::string_view bytes) override;
  std::vector<std::pair<std::string, std::string>> written;

 private:
  std::string m_bytes;
};

// What an operation answers for such a file.
berth::Json ask(berth::Json (*operation)(const ooxml::serve::Asked&), const Parts& parts,
                berth::Json input = berth::Json::object());

}  // namespace xlsx::tests
