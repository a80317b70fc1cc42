// Reads the content types. Office and others refuse a package where one extension or part has two.
#include "package_types.hpp"

#include <algorithm>
#include <utility>

#include "package_xml.hpp"
#include "part_name.hpp"
#include "xml.hpp"

namespace ooxml {

namespace {

constexpr std::string_view types_space = "http://schemas.openxmlformats.org/package/2006/content-types";

bool is_media_type(std::string_view type) {
  const std::size_t slash = type.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size();
}

class TypesReader : public PackageXml {
 public:
  TypesReader(ContentTypes& types, Findings& findings)
      : PackageXml(types_space, "Types", types_name, "bad-content-types", findings), m_types(types) {}

 private:
  void child(const Start& element) override {
    if (element.local == "Default") {
      add(element, "Extension", m_types.by_extension);
    } else if (element.local == "Override") {
      add(element, "PartName", m_types.by_part);
    } else {
      wrong(element, "An element stands in the content types that has no place there.", "Default or Override");
    }
  }

  void add(const Start& element, std::string_view key_name, std::unordered_map<std::string, std::string>& to) {
    if (!only(element, {key_name, "ContentType"})) return;
    const std::string_view key = plain(element, key_name), type = plain(element, "ContentType");
    if (key.empty() || type.data() == nullptr)
      return wrong(element, "A content type lacks what it is for, or itself.",
                   std::string(key_name) + " and ContentType");
    if (key_name == "PartName" && key.front() != '/')
      return wrong(element, "A part's name in the content types does not begin with \"/\".", "/" + std::string(key));
    if (!is_media_type(type) && !type.empty())
      wrong(element, "A content type is none: \"" + std::string(type) + "\".", "such as application/xml");
    if (!to.emplace(name_key(key), type).second)
      tell(element, "duplicate-content-type", "Something has two content types: \"" + std::string(key) + "\".",
           "Remove one of the two.");
  }

  ContentTypes& m_types;
};

}  // namespace

std::string ContentTypes::of(std::string_view part) const {
  const auto own = by_part.find(name_key(part));
  if (own != by_part.end()) return own->second;
  const auto shared = by_extension.find(extension(part));
  return shared == by_extension.end() ? std::string() : shared->second;
}

ContentTypes read_types(Source& source, Findings& findings) {
  ContentTypes types;
  TypesReader reader(types, findings);
  read_xml(source, reader);
  return types;
}

}  // namespace ooxml
