// What is written is put together in a file without a name first: memory stays small, and what comes to its place is
// whole.
#include <sys/mman.h>
#include <unistd.h>

#include <berth/call.hpp>
#include <berth/fd.hpp>
#include <filesystem>
#include <map>
#include <system_error>

#include "csv.hpp"
#include "spool.hpp"
#include "target.hpp"

namespace xlsx {

using berth::Error;
using berth::Json;

namespace {

// The bytes of a file, as long as it lives.
class Mapped {
 public:
  Mapped(int file, std::size_t size) : m_size(size) {
    if (size == 0) return;
    m_at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (m_at == MAP_FAILED) throw Error(500, "no_memory", "a file for a while cannot be mapped");
  }
  ~Mapped() {
    if (m_at) ::munmap(m_at, m_size);
  }
  Mapped(const Mapped&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(m_at), m_size}; }

 private:
  void* m_at = nullptr;
  std::size_t m_size;
};

// A sheet's name as a file's.
std::string file_name(const std::string& sheet, std::map<std::string, int>& taken) {
  std::string name;
  for (const char c : sheet) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 0x20 || byte == 0x7F || c == '/' || c == '\\' ? '_' : c;
  }
  if (name.empty() || name.starts_with('.')) name = "_" + name;
  std::string one = name;
  for (int& times = ++taken[name]; times > 1; ++times) {
    one = name + " " + std::to_string(times);
    if (taken.try_emplace(one, 1).second) break;
  }
  return one + ".csv";
}

std::string usual_place(const std::string& path) {
  const auto dot = path.rfind('.');
  const auto slash = path.rfind('/');
  const bool has_end = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return path.substr(0, has_end ? dot : path.size());
}

class Writer {
 public:
  Writer(const ooxml::serve::Asked& asked, const ooxml::Package& package, const Book& book)
      : m_asked(asked), m_package(package), m_book(book), m_manner(whole_csv_manner(asked.input)) {
    read_strings(package, m_strings);
  }

  Json write(std::size_t sheet, const formula::Area& asked, bool whole, const std::string& path) {
    const Sheet& one = m_book.sheets[sheet];
    auto area = used(m_package, one, asked, m_asked.stop);
    if (area && whole) area->first = {1, 1};
    const berth::Fd file(unnamed_file());
    CsvDone done;
    if (area) {
      done = write_csv(m_package, m_book, m_strings, sheet, *area, m_manner, [&](std::string_view bytes) {
        write_all(file.get(), bytes);
        return !(m_asked.stop && m_asked.stop());
      });
    }
    const Mapped mapped(file.get(), done.bytes);
    Json put = m_asked.files.put({path, m_asked.input.value("replace", false), {}}, mapped.bytes());
    Json told{{"sheet", one.name},
              {"path", put.value("path", path)},
              {"rows", done.rows},
              {"cells", done.cells},
              {"bytes", done.bytes}};
    if (area) told["range"] = formula::name(*area);
    return told;
  }

 private:
  const ooxml::serve::Asked& m_asked;
  const ooxml::Package& m_package;
  const Book& m_book;
  const CsvManner m_manner;
  Strings m_strings;
};

using MakeFolder = void (*)(const std::string&);

Json write_all_of(const ooxml::serve::Asked& asked, MakeFolder make_folder) {
  const auto file = ooxml::serve::opened(asked, "path", ooxml::Kind::sheet);
  const Book book = read_book(*file.package);
  const std::string to = asked.text("to");
  const std::string place = to.empty() ? usual_place(asked.input.at("path")) : to;
  Writer writer(asked, *file.package, book);
  Json files = Json::array();
  if (!asked.input.value("all", false)) {
    const Target target = target_of(*file.package, book, asked.text("sheet"), asked.text("range"));
    files.push_back(writer.write(target.sheet, target.area, target.whole, to.empty() ? place + ".csv" : place));
    return {{"files", std::move(files)}};
  }
  if (make_folder) make_folder(place);
  std::map<std::string, int> taken;
  for (std::size_t i = 0; i < book.sheets.size(); ++i) {
    if (!book.sheets[i].part || book.sheets[i].kind == "chartsheet") continue;
    if (asked.progress) asked.progress(static_cast<double>(i) / static_cast<double>(book.sheets.size()));
    const std::string path = place + "/" + file_name(book.sheets[i].name, taken);
    files.push_back(writer.write(i, Target::everything(), true, path));
  }
  return {{"files", std::move(files)}};
}

void make_folder_here(const std::string& path) {
  std::error_code wrong;
  std::filesystem::create_directories(path, wrong);
  if (!wrong && std::filesystem::is_directory(path, wrong)) return;
  throw Error(400, "bad_place", path + ": no folder can be made there: " + wrong.message(),
              "say with `to` where the files are to go");
}

}  // namespace

Json to_csv(const ooxml::serve::Asked& asked) { return write_all_of(asked, nullptr); }

Json to_csv_here(const ooxml::serve::Asked& asked) { return write_all_of(asked, &make_folder_here); }

}  // namespace xlsx
