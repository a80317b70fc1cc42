// Reads relationships. What is internal is made a part's name here; whether that part is there is for others to say.
#include "package_relations.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "package_xml.hpp"
#include "part_name.hpp"
#include "xml.hpp"

namespace ooxml {

namespace {

constexpr std::string_view relations_space = "http://schemas.openxmlformats.org/package/2006/relationships";

// Whether it may be an id: a name of XML without a colon. Letters beyond ASCII are taken as they come.
bool is_id(std::string_view id) {
  const auto letter = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  };
  const auto inner = [&](unsigned char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !id.empty() && letter(static_cast<unsigned char>(id.front())) && std::all_of(id.begin(), id.end(), inner);
}

// "http:", "file:": before the first "/" there is a ":".
bool has_scheme(std::string_view target) {
  const std::size_t colon = target.find(':');
  return colon != std::string_view::npos && colon > 0 && colon < target.find_first_of("/?#");
}

class RelationsReader : public PackageXml {
 public:
  RelationsReader(std::vector<Relationship>& all, std::string_view part, std::string_view name, std::size_t most,
                  Findings& findings)
      : PackageXml(relations_space, "Relationships", name, "bad-relationship", findings),
        m_all(all),
        m_part(part),
        m_most(most) {}

 private:
  void child(const Start& element) override {
    if (element.local != "Relationship")
      return wrong(element, "An element stands among relationships that is none.", "Relationship");
    if (!only(element, {"Id", "Type", "Target", "TargetMode"})) return;
    const std::string_view id = plain(element, "Id"), uri = plain(element, "Type"), target = plain(element, "Target"),
                           mode = plain(element, "TargetMode");
    const bool external = mode == "External";
    const bool typed = uri.find_first_not_of(" \t\r\n") != std::string_view::npos;
    if (id.data() == nullptr || !typed || target.data() == nullptr || (target.empty() && !external))
      return wrong(element, "A relationship lacks its id, its type or its target.", "Id, Type and Target");
    if (!is_id(id)) wrong(element, "The id of a relationship is none: \"" + std::string(id) + "\".", "such as rId1");
    if (mode.data() != nullptr && mode != "Internal" && mode != "External")
      return wrong(element, "A relationship's target is neither internal nor external.", "Internal or External");
    if (!external && has_scheme(target))
      return wrong(element, "A relationship that is not external has the target of one: " + std::string(target),
                   "TargetMode=\"External\"");
    if (!m_ids.emplace(id).second)
      return tell(element, "duplicate-relationship", "Two relationships have one id: \"" + std::string(id) + "\".",
                  "Give one of them an id of its own.");
    if (m_all.size() >= m_most) throw Spoiled("limit-exceeded", "The package has more relationships than it may have.");
    m_all.push_back({std::string(id), relation_word(uri), std::string(uri),
                     external ? std::string(target) : resolve_target(m_part, target), external});
  }

  std::vector<Relationship>& m_all;
  std::string_view m_part;
  std::size_t m_most;
  std::unordered_set<std::string> m_ids;
};

}  // namespace

std::string relation_word(std::string_view uri) {
  constexpr std::string_view known[] = {"http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/",
                                        "http://schemas.microsoft.com/"};
  const auto begins = [&](std::string_view beginning) { return uri.starts_with(beginning); };
  if (std::none_of(std::begin(known), std::end(known), begins)) return std::string(uri);
  const std::string_view word = uri.substr(uri.rfind('/') + 1);
  if (word == "extendedProperties") return "extended-properties";  // as the strict edition has them
  if (word == "customProperties") return "custom-properties";
  return std::string(word.empty() ? uri : word);
}

std::vector<Relationship> read_relations(Source& source, std::string_view part, std::string_view name, std::size_t most,
                                         Findings& findings) {
  std::vector<Relationship> all;
  RelationsReader reader(all, part, name, most, findings);
  read_xml(source, reader);
  return all;
}

}  // namespace ooxml
