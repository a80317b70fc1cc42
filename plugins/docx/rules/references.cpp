// What a document refers to: styles, lists, headers, pictures.
#include <utility>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

class Named : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    switch (key(element.name)) {
      case key(n::w::pStyle): style(element, "paragraph"); break;
      case key(n::w::rStyle): style(element, "character"); break;
      case key(n::w::tblStyle): style(element, "table"); break;
      case key(n::w::numId):
        if (outer(open) == key(n::w::numPr)) list(element);
        break;
      case key(n::w::headerReference): story(element, "header"); break;
      case key(n::w::footerReference): story(element, "footer"); break;
      default: break;
    }
  }

 private:
  void style(const Start& element, std::string_view type) {
    const auto id = element.value(n::w::val);
    if (id.data() == nullptr) return;
    const Style* style = m_scene.library.styles.find(id);
    if (style && (style->type == type || style->type.empty())) return;
    if (told(std::string(id))) return;
    const std::string of = style ? "the style " + std::string(id) + " is one of kind " + style->type : "";
    m_scene.ruler.find("style-defined", m_reading,
                       {style ? of : "the style " + std::string(id) + " is not defined", std::string(element.local),
                        "a style of type " + std::string(type), "define it in styles.xml, or name one that is there"});
  }

  void list(const Start& element) {
    const auto id = static_cast<int>(number(element.value(n::w::val), -1));
    if (id == 0) return;  // no list
    const auto& numbering = m_scene.library.numbering;
    const auto at = numbering.numbers.find(id);
    if (at != numbering.numbers.end() && numbering.abstracts.contains(at->second)) return;
    if (told("#" + std::to_string(id))) return;
    const bool half = at != numbering.numbers.end();
    m_scene.ruler.find(
        "numbering-defined", m_reading,
        {"the list " + std::to_string(id) + (half ? " has no abstractNum, or one without levels" : " is not defined"),
         "w:numId", "", "define it in numbering.xml, or take w:numPr away"});
  }

  void story(const Start& element, std::string_view type) {
    const auto id = element.value(n::r::id);
    const auto* relation = m_reading.part.relation(id);
    if (relation && !relation->external && relation->type == type && m_reading.package.part(relation->target)) return;
    std::string why = "there is no relationship " + std::string(id);
    if (relation) why = std::string(id) + " leads to no " + std::string(type) + ": " + relation->target;
    m_scene.ruler.find("header-footer", m_reading,
                       {why, std::string(element.local), "a relationship of type " + std::string(type),
                        "take the reference away, or add the part and its relationship"});
  }

  // Often enough.
  bool told(const std::string& what) {
    constexpr int most_told = 3;  // of one style or list
    if (m_told.size() >= most_remembered) return true;
    return m_told[what]++ >= most_told;
  }
  std::map<std::string, int> m_told;
};

// What the first bytes of a picture say that it is.
std::string_view type_of(std::string_view bytes) {
  const auto begins = [&](std::string_view what) { return bytes.substr(0, what.size()) == what; };
  if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
  if (begins("\xFF\xD8\xFF")) return "image/jpeg";
  if (begins("GIF87a") || begins("GIF89a")) return "image/gif";
  if (begins("BM")) return "image/bmp";
  if (begins(std::string_view("II*\0", 4)) || begins(std::string_view("MM\0*", 4))) return "image/tiff";
  if (bytes.size() >= 44 && bytes.substr(40, 4) == " EMF") return "image/x-emf";
  if (begins("\xD7\xCD\xC6\x9A") || begins(std::string_view("\x01\0\x09\0", 4))) return "image/x-wmf";
  if (bytes.size() >= 12 && begins("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
  if (bytes.find("<svg") != std::string_view::npos) return "image/svg+xml";
  return {};
}

std::string_view usual(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> others[] = {
      {"image/jpg", "image/jpeg"},  {"image/pjpeg", "image/jpeg"}, {"image/x-png", "image/png"},
      {"image/emf", "image/x-emf"}, {"image/wmf", "image/x-wmf"},  {"image/tif", "image/tiff"},
      {"image/x-bmp", "image/bmp"}};
  for (const auto& [other, one] : others) {
    if (other == type) return one;
  }
  return type;
}

class Pictures : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open&) override {
    const bool blip = key(element.name) == key(n::a::blip);
    if (!blip && (element.local != "imagedata" || element.space != "urn:schemas-microsoft-com:vml")) return;
    const auto id = blip ? element.value(n::r::embed) : element.value(n::r::id);
    if (id.empty()) return;  // linked, or none at all
    const auto* relation = m_reading.part.relation(id);
    if (relation && relation->external) return;
    const auto* part = relation ? m_reading.package.part(relation->target) : nullptr;
    if (!part) {
      std::string why = "there is no relationship " + std::string(id);
      if (relation) why = "there is no part " + relation->target;
      return m_scene.ruler.find("image-exists", m_reading,
                                {why, std::string(element.local), "", "add the picture, or take it out of the text"});
    }
    if (m_scene.ruler.on("image-type") && m_seen.emplace(part->name, true).second) look_into(*part, element);
  }

 private:
  void look_into(const ooxml::Part& part, const Start& element) {
    constexpr std::size_t head = 1024;
    std::string bytes;
    try {
      const auto source = m_reading.package.read(part);
      while (bytes.size() < head) {
        const auto piece = source->next();
        if (piece.empty()) break;
        bytes += piece.substr(0, head - bytes.size());
      }
    } catch (const ooxml::Spoiled&) {
      return;  // which the package layer tells
    }
    const auto really = type_of(bytes);
    if (really == usual(part.content_type)) return;
    if (really.empty() && !bytes.empty() && usual(part.content_type).substr(0, 6) == "image/" && !is_known(part))
      return;
    m_scene.ruler.find("image-type", m_reading,
                       {part.name + " is said to be " + part.content_type + " and " +
                            (really.empty() ? "is no picture of that kind" : "is " + std::string(really)),
                        std::string(element.local), std::string(really),
                        "say its type in [Content_Types].xml, or put the right picture there"});
  }
  // Of other types the first bytes say nothing that is looked at here.
  static bool is_known(const ooxml::Part& part) {
    constexpr std::string_view known[] = {"image/png",  "image/jpeg", "image/gif",  "image/bmp",
                                          "image/tiff", "image/webp", "image/x-emf"};
    for (const auto one : known) {
      if (one == usual(part.content_type)) return true;
    }
    return false;
  }

  std::map<std::string, bool> m_seen;
};

}  // namespace

void add_reference_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  checks.push_back(std::make_unique<Named>(scene, reading));
  checks.push_back(std::make_unique<Pictures>(scene, reading));
}

}  // namespace docx
