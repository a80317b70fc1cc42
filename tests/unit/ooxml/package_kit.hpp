// Packages for tests: a small right one, whose parts a test changes.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "zip_kit.hpp"

namespace kit {

inline const std::string relations_of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
inline const std::string word_types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

inline std::string relation(const std::string& id, const std::string& type, const std::string& target,
                            const std::string& mode = "") {
  return "<Relationship Id=\"" + id + "\" Type=\"" + (type.find(':') == std::string::npos ? relations_of : "") + type +
         "\" Target=\"" + target + "\"" + (mode.empty() ? "" : " TargetMode=\"" + mode + "\"") + "/>";
}

inline std::string relations(const std::string& inside) {
  return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + inside +
         "</Relationships>";
}

inline std::string override_of(const std::string& part, const std::string& type) {
  return "<Override PartName=\"" + part + "\" ContentType=\"" + type + "\"/>";
}

struct Document {
  std::string main_type = word_types + "document.main+xml";
  std::string more_types{}, more_roots{}, more_relations{};
  std::map<std::string, std::string> parts{};  // beside those that it always has; an empty one is left out

  std::string text() const {
    std::map<std::string, std::string> all = {
        {"[Content_Types].xml",
         "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
         "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
         "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" "
         "ContentType=\"image/png\"/>" +
             override_of("/word/document.xml", main_type) + override_of("/word/styles.xml", word_types + "styles+xml") +
             more_types + "</Types>"},
        {"_rels/.rels", relations(relation("rId1", "officeDocument", "word/document.xml") + more_roots)},
        {"word/_rels/document.xml.rels", relations(relation("rId1", "styles", "styles.xml") + more_relations)},
        {"word/document.xml", "<document/>"},
        {"word/styles.xml", "<styles/>"}};
    for (const auto& [name, part] : parts) all[name] = part;
    Zip zip;
    for (const auto& [name, part] : all)
      if (!part.empty()) zip.files.push_back(file(name, part));
    return zip.text();
  }
};

inline std::unique_ptr<ooxml::Package> open_package(const std::string& text, ooxml::Findings& findings,
                                                    const ooxml::PackageLimits& limits = {}) {
  const Temporary file(text);
  return ooxml::Package::open(file.get(), limits, findings);  // it keeps a descriptor of its own
}

// What is found of a document, sorted, each once.
inline std::vector<std::string> found(const Document& document) {
  ooxml::Findings findings;
  open_package(document.text(), findings);
  return codes(findings);
}

}  // namespace kit
