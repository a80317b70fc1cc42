// The workbook's own part, its tables, and names.
#include "book.hpp"

#include <algorithm>

#include "gather.hpp"
#include "names.hpp"
#include "reading.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace none = ooxml::names::none;

namespace {

class BookReader : public Gather {
 public:
  BookReader(const ooxml::Package& package, Book& book) : m_package(package), m_book(book) {}

 private:
  void begun(const ooxml::Start& element) override {
    if (element.name == s::sheet && element.depth == 3)
      sheet(element);
    else if (element.name == s::definedName)
      name(element);
    else if (element.name == s::workbookPr)
      m_book.since_1904 = truth_of(element.value(none::date1904));
    else if (element.name == s::workbookView)
      m_book.active = number_of(element.value(none::activeTab));
    else if (element.name == s::workbookProtection)
      m_book.locked = truth_of(element.value(none::lockStructure)) || truth_of(element.value(none::lockWindows)) ||
                      truth_of(element.value(none::lockRevision));
    else if (element.name == s::calcPr)
      calculation(element);
  }
  void ended(const ooxml::Start& element, const std::string& text) override {
    if (element.name == s::definedName && m_in_name) m_book.names.back().text = kept(text);
    if (element.name == s::definedName) m_in_name = false;
  }

  void calculation(const ooxml::Start& element) {
    m_book.iterates = truth_of(element.value(none::iterate));
    if (element.has(none::calcMode)) m_book.calculation = clipped(element.value(none::calcMode), 20);
  }
  // Of all names together so much is kept, which is far more than people have.
  std::string kept(std::string_view text) {
    if (m_bytes + text.size() > most_bytes) return {};
    m_bytes += text.size();
    return clipped(text, 16'384);
  }
  void sheet(const ooxml::Start& element) {
    if (m_book.sheets.size() >= most_sheets) return;
    Sheet one;
    one.name = clipped(element.value(none::name));
    if (element.has(none::state)) one.state = clipped(element.value(none::state), 20);
    const auto* const relation = m_package.main()->relation(element.value(ooxml::names::r::id));
    if (relation && !relation->external) {
      one.kind = relation->type;
      one.part = m_package.part(relation->target);
      // Of two sheets that lead to one part the first has it, as it may be read once for each sheet.
      if (one.part && !m_taken.insert(one.part).second) one.part = nullptr;
    }
    m_book.sheets.push_back(std::move(one));
  }
  void name(const ooxml::Start& element) {
    if (m_book.names.size() >= most_names) return;
    DefinedName one;
    one.name = kept(element.value(none::name));
    one.hidden = truth_of(element.value(none::hidden));
    if (element.has(none::localSheetId)) one.sheet = number_of(element.value(none::localSheetId));
    m_book.names.push_back(std::move(one));
    m_in_name = true;
  }

  const ooxml::Package& m_package;
  Book& m_book;
  std::unordered_set<const ooxml::Part*> m_taken;
  static constexpr std::size_t most_bytes = 32u << 20;
  bool m_in_name = false;
  std::size_t m_bytes = 0;
};

class TableReader : public Gather {
 public:
  explicit TableReader(Table& table) : m_table(table) {}

 private:
  void begun(const ooxml::Start& element) override {
    if (element.name == s::table) {
      m_table.name = element.value(none::displayName);
      m_table.reference = element.value(none::ref);
      m_table.headers = number_of(element.value(none::headerRowCount), 1);
      m_table.totals = number_of(element.value(none::totalsRowCount), 0);
    } else if (element.name == s::tableColumn && m_table.columns.size() < formula::most_columns) {
      m_table.columns.push_back(plain(clipped(element.value(none::name))));
    }
  }
  Table& m_table;
};

class ApplicationReader : public Gather {
 public:
  explicit ApplicationReader(std::string& to) : m_to(to) {}

 private:
  void begun(const ooxml::Start&) override {}
  void ended(const ooxml::Start& element, const std::string& text) override {
    if (element.local == "Application") m_to = clipped(text);
  }
  std::string& m_to;
};

std::string small(std::string_view text) {
  std::string all(text);
  for (char& c : all) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return all;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The character of "_x000D_" at the begin of a text; -1: there is none.
int escaped(std::string_view text) {
  if (text.size() < 7 || text[1] != 'x' || text[6] != '_') return -1;
  int code = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int one = digit(text[i]);
    if (one < 0) return -1;
    code = code * 16 + one;
  }
  return code >= 0xD800 && code <= 0xDFFF ? -1 : code;
}

void put(std::string& to, int code) {
  const auto byte = [&to](int value) { to += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F));
  byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F));
}

}  // namespace

NameSet::NameSet(const Book& book) {
  for (const auto& one : book.names) m_names.insert(small(one.name));
}

bool NameSet::has(std::string_view name) const { return m_names.contains(small(name)); }

const Sheet* Book::sheet(std::string_view name) const {
  const auto at = std::ranges::find_if(sheets, [&](const Sheet& one) { return same_name(one.name, name); });
  return at == sheets.end() ? nullptr : &*at;
}

Book read_book(const ooxml::Package& package) {
  Book book;
  BookReader reader(package, book);
  read_part(package, *package.main(), reader);
  book.styles = read_styles(package);
  const auto root = std::ranges::find(package.roots(), "extended-properties", &ooxml::Relationship::type);
  const auto* const about = root == package.roots().end() ? nullptr : package.part(root->target);
  if (about) {
    ApplicationReader application(book.application);
    read_part(package, *about, application);
  }
  return book;
}

void read_tables(const ooxml::Package& package, const Book& book, std::size_t sheet, TablesSeen& seen,
                 const std::function<void(const Table&)>& take) {
  if (!book.sheets[sheet].part) return;
  for (const auto& relation : book.sheets[sheet].part->relations) {
    const auto* const part = relation.type == "table" && !relation.external ? package.part(relation.target) : nullptr;
    if (!part || !seen.insert(part).second) continue;
    Table table;
    TableReader reader(table);
    read_part(package, *part, reader);
    take(table);
  }
}

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

std::string plain(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int code = text[i] == '_' ? escaped(text.substr(i)) : -1;
    if (code < 0) {
      all += text[i];
      continue;
    }
    put(all, code);
    i += 6;
  }
  return all;
}

}  // namespace xlsx
