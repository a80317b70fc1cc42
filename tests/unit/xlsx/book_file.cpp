// Little endian, no compression, no data descriptors.
#include "book_file.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

namespace xlsx::tests {

namespace {

const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const std::string main_space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
const std::string relations_space = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const std::string package_space = "http://schemas.openxmlformats.org/package/2006/";
const std::string kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

void put16(std::string& to, std::uint32_t value) {
  to += static_cast<char>(value & 0xFF);
  to += static_cast<char>(value >> 8 & 0xFF);
}
void put32(std::string& to, std::uint32_t value) {
  put16(to, value & 0xFFFF);
  put16(to, value >> 16);
}

// What the header of an entry and its line in the directory have in common.
std::string facts(const std::string& name, const std::string& text) {
  std::string all;
  put16(all, 20), put16(all, 0), put16(all, 0), put16(all, 0), put16(all, 0x21);
  put32(all, static_cast<std::uint32_t>(
                 ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()))));
  put32(all, static_cast<std::uint32_t>(text.size())), put32(all, static_cast<std::uint32_t>(text.size()));
  put16(all, static_cast<std::uint32_t>(name.size())), put16(all, 0);
  return all;
}

std::string relation(const std::string& id, const std::string& type, const std::string& target) {
  return "<Relationship Id=\"" + id + "\" Type=\"" + office + type + "\" Target=\"" + target + "\"/>";
}

std::string relations(const std::string& inside) {
  return head + "<Relationships xmlns=\"" + package_space + "relationships\">" + inside + "</Relationships>";
}

std::string override_of(const std::string& part, const std::string& type) {
  return "<Override PartName=\"/" + part + "\" ContentType=\"" + type + "\"/>";
}

const std::string styles = head + "<styleSheet " + main_space +
                           "><fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills "
                           "count=\"1\"><fill><patternFill "
                           "patternType=\"none\"/></fill></fills><borders "
                           "count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border>"
                           "</borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
                           "borderId=\"0\"/></cellStyleXfs><cellXfs "
                           "count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf "
                           "numFmtId=\"14\" fontId=\"0\" "
                           "fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs></styleSheet>";

}  // namespace

std::string zip(const Parts& parts) {
  std::string all, directory;
  for (const auto& [name, text] : parts) {
    std::string line = "PK\x01\x02";
    put16(line, 20);
    line += facts(name, text);
    put16(line, 0), put16(line, 0), put16(line, 0), put32(line, 0), put32(line, static_cast<std::uint32_t>(all.size()));
    directory += line + name;
    all += "PK\x03\x04" + facts(name, text) + name + text;
  }
  std::string end = "PK\x05\x06";
  put32(end, 0);
  put16(end, static_cast<std::uint32_t>(parts.size())), put16(end, static_cast<std::uint32_t>(parts.size()));
  put32(end, static_cast<std::uint32_t>(directory.size())), put32(end, static_cast<std::uint32_t>(all.size())),
      put16(end, 0);
  return all + directory + end;
}

Parts parts_of(const Book& book) {
  Parts parts;
  std::string types =
      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" +
      override_of("xl/workbook.xml", kind + "sheet.main+xml") + override_of("xl/styles.xml", kind + "styles+xml");
  std::string sheets, links = relation("rIdS", "styles", "styles.xml");
  for (std::size_t i = 1; i <= book.sheets.size(); ++i) {
    const std::string number = std::to_string(i), name = "worksheets/sheet" + number + ".xml";
    sheets += "<sheet name=\"Sheet" + number + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
    links += relation("rId" + number, "worksheet", name);
    types += override_of("xl/" + name, kind + "worksheet+xml");
    parts.emplace_back("xl/" + name, head + "<worksheet " + main_space + " " + relations_space + ">" +
                                         book.sheets[i - 1] + "</worksheet>");
  }
  if (!book.strings.empty()) {
    links += relation("rIdT", "sharedStrings", "sharedStrings.xml");
    types += override_of("xl/sharedStrings.xml", kind + "sharedStrings+xml");
    parts.emplace_back("xl/sharedStrings.xml", head + "<sst " + main_space + ">" + book.strings + "</sst>");
  }
  for (const auto& [name, text] : book.more) {
    const auto blank = name.find(' ');
    types += override_of(name.substr(blank + 1), kind + name.substr(0, blank));
    parts.emplace_back(name.substr(blank + 1), text);
  }
  std::string of_first;
  for (const auto& one : book.relations)
    of_first += relation("rId" + std::to_string(of_first.size() + 1), one.substr(0, one.find(' ')),
                         one.substr(one.find(' ') + 1));
  if (!of_first.empty()) parts.emplace_back("xl/worksheets/_rels/sheet1.xml.rels", relations(of_first));
  parts.emplace_back("xl/styles.xml", styles);
  parts.emplace_back("xl/workbook.xml", head + "<workbook " + main_space + " " + relations_space + ">" + book.settings +
                                            "<sheets>" + sheets + "</sheets>" + book.workbook + "</workbook>");
  parts.emplace_back("xl/_rels/workbook.xml.rels", relations(links));
  parts.emplace_back("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml")));
  parts.emplace(parts.begin(), "[Content_Types].xml",
                head + "<Types xmlns=\"" + package_space + "content-types\">" + types + "</Types>");
  return parts;
}

berth::Fd Memory::open(const std::string& path) {
  if (path != "a.xlsx") throw berth::Error(404, "no_file", path + ": there is no such file");
  berth::Fd file(::memfd_create("book", MFD_CLOEXEC));
  if (::write(file.get(), m_bytes.data(), m_bytes.size()) != static_cast<ssize_t>(m_bytes.size()))
    throw berth::Error(500, "no_memory", "the file was not made");
  return file;
}

berth::Json Memory::put(const ooxml::serve::Place& place, std::string_view bytes) {
  written.emplace_back(place.path, bytes);
  return {{"path", place.path}};
}

berth::Json ask(berth::Json (*operation)(const ooxml::serve::Asked&), const Parts& parts, berth::Json input) {
  Memory files(zip(parts));
  input["path"] = "a.xlsx";
  return operation({input, files, {}, {}});
}

}  // namespace xlsx::tests
