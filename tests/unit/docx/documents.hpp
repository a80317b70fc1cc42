// Documents for tests: parts as text, put into an archive that packs nothing; and files that lie in memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <string>
#include <string_view>

#include "serve/asked.hpp"

namespace docx::test {

using Parts = std::map<std::string, std::string>;

inline void number(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>((value >> (8 * i)) & 0xFF);
}

inline std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFF;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~sum;
}

inline std::string zipped(const Parts& parts) {
  std::string all, directory;
  for (const auto& [name, text] : parts) {
    std::string fields;
    number(fields, 20, 2);
    number(fields, 0, 2);
    number(fields, 0, 2);
    number(fields, 0, 2);
    number(fields, 0x21, 2);
    number(fields, checksum(text), 4);
    number(fields, text.size(), 4);
    number(fields, text.size(), 4);
    number(fields, name.size(), 2);
    number(fields, 0, 2);
    directory += std::string("PK\1\2\x14\0", 6) + fields;
    number(directory, 0, 2);
    number(directory, 0, 2);
    number(directory, 0, 2);
    number(directory, 0, 4);
    number(directory, all.size(), 4);
    directory += name;
    all += "PK\3\4" + fields + name + text;
  }
  const auto begin = all.size();
  std::string end("PK\5\6\0\0\0\0", 8);
  number(end, parts.size(), 2);
  number(end, parts.size(), 2);
  number(end, directory.size(), 4);
  number(end, begin, 4);
  number(end, 0, 2);
  return all + directory + end;
}

constexpr const char* spaces =
    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
    " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\""
    " xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\""
    " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" mc:Ignorable=\"w14\"";

constexpr const char* styles =
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"H3\"><w:name w:val=\"heading 3\"/></w:style>";

// A document whose body this is; further parts are of the names that the relationships have.
inline Parts parts_of(const std::string& body) {
  const std::string types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  const std::string relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  Parts parts;
  parts["[Content_Types].xml"] =
      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
      "<Default Extension=\"png\" ContentType=\"image/png\"/>"
      "<Override PartName=\"/word/document.xml\" ContentType=\"" +
      types +
      "document.main+xml\"/>"
      "<Override PartName=\"/word/styles.xml\" ContentType=\"" +
      types + "styles+xml\"/></Types>";
  parts["_rels/.rels"] =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
      "Type=\"" +
      relation + "officeDocument\" Target=\"word/document.xml\"/></Relationships>";
  parts["word/_rels/document.xml.rels"] =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
      "Type=\"" +
      relation + "styles\" Target=\"styles.xml\"/></Relationships>";
  parts["word/document.xml"] = std::string("<w:document") + spaces + "><w:body>" + body + "</w:body></w:document>";
  parts["word/styles.xml"] = std::string("<w:styles") + spaces + ">" + styles + "</w:styles>";
  return parts;
}

inline berth::Fd opened(std::string_view bytes) {
  berth::Fd file(::memfd_create("test", MFD_CLOEXEC));
  if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return {};
  return file;
}

// By their names, in memory.
class Held : public ooxml::serve::Files {
 public:
  std::map<std::string, std::string> files;
  ooxml::serve::Place last;
  berth::Fd open(const std::string& path) override {
    const auto at = files.find(path);
    if (at == files.end()) throw berth::Error(404, "no_file", path);
    return opened(at->second);
  }
  std::string etag_of(const std::string& path) override { return std::to_string(files.at(path).size()); }
  berth::Json put(const ooxml::serve::Place& place, std::string_view bytes) override {
    last = place;
    files[place.path] = bytes;
    return {{"path", place.path}, {"size", bytes.size()}};
  }
};

// What a part of a written document says.
inline std::string part_in(const std::string& bytes, const std::string& name) {
  const auto file = opened(bytes);
  const auto package = ooxml::serve::package_of(file.get());
  return package->whole(*package->part(name), 1u << 24);
}

inline std::string code_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const berth::Error& error) {
    return error.code();
  }
  return "none";
}

}  // namespace docx::test
