// A drawing's rules: ids that may be there once, relationships that lead to what is meant, images that are images.
#include "drawing_rules.hpp"

#include <charconv>
#include <set>
#include <unordered_set>

#include "chart_rules.hpp"
#include "image_bytes.hpp"
#include "names.hpp"

namespace ooxml {

namespace {

namespace a = names::a;
namespace c = names::c;
namespace xdr = names::xdr;

constexpr std::size_t most_ids = 1'000'000;  // of shapes whose ids are remembered
constexpr std::size_t longest_told = 64;     // of what a file says and a message repeats

std::string told(std::string_view text) { return std::string(text.substr(0, longest_told)); }

class DrawingReader : public Handler {
 public:
  explicit DrawingReader(const Reading& reading) : m_reading(reading) {}

  void start(const Start& element) override {
    if (element.name == xdr::cNvPr) {
      shape(element);
    } else if (element.name == a::blip) {
      relation(element, names::r::embed, "r:embed", "image");
      relation(element, names::r::link, "r:link", "image");
      image(element);
    } else if (element.name == c::chart && element.has(names::r::id)) {
      relation(element, names::r::id, "r:id", "chart");
    }
  }
  void text(std::string_view text) override { (void)text; }
  void end(const Start& element) override { (void)element; }

 private:
  void mind(Severity severity, std::string code, std::string message, std::string name, std::string expected,
            std::string remedy) const {
    Finding finding{severity, Layer::rule, std::move(code), m_reading.part.name, m_reading.position.path()};
    finding.line = m_reading.position.line();
    finding.message = std::move(message);
    finding.name = std::move(name);
    finding.expected = std::move(expected);
    finding.remedy = std::move(remedy);
    m_reading.findings.add(std::move(finding));
  }

  void shape(const Start& element) {
    std::string_view id = element.value(names::none::id);
    std::uint32_t number = 0;
    auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (id.empty() || error != std::errc{} || end != id.data() + id.size() || m_ids.size() >= most_ids) return;
    if (m_ids.insert(number).second) return;
    m_reading.find(Severity::schema, "duplicate-id", "The id \"" + told(id) + "\" is there more than once.", "id", "",
                   "Give the shape an id that no other of its drawing has.");
  }

  void relation(const Start& element, Name attribute, const char* called, const char* type) {
    std::string_view id = element.value(attribute);
    const Relationship* found = id.empty() ? nullptr : m_reading.part.relation(id);
    if (found == nullptr || found->type == type) return;
    mind(Severity::repaired, "wrong-relationship-type",
         "The relationship \"" + told(id) + "\" is of the type \"" + told(found->type) + "\".", called, type,
         "Name a relationship of the type that is expected.");
  }

  // Each image once, however often it is shown.
  void image(const Start& element) {
    std::string_view id = element.value(names::r::embed);
    const Relationship* found = id.empty() ? nullptr : m_reading.part.relation(id);
    if (found == nullptr || found->external || found->type != "image") return;
    const Part* part = m_reading.package.part(found->target);
    if (part == nullptr || m_images.size() >= most_ids || !m_images.insert(part).second) return;
    std::string_view said = image_kind_of_type(part->content_type), is;
    std::string head;
    try {
      std::unique_ptr<Source> source = m_reading.package.read(*part);
      while (head.size() < image_head) {
        std::string_view piece = source->next();
        if (piece.empty()) break;
        head += piece.substr(0, image_head - head.size());
      }
      is = image_kind(head);
    } catch (const Spoiled&) {
      return;  // who looks at all parts tells of it
    }
    if (is.empty() && !said.empty()) {
      mind(Severity::repaired, "bad-image", "The image \"" + part->name + "\" is none: Office shows a red cross.",
           "r:embed", part->content_type, "Put an image into its place.");
    } else if (!said.empty() && is != said && is != "packed" && is != "xml") {
      mind(Severity::hint, "image-type",
           "The image \"" + part->name + "\" is " + std::string(is) + ", its content type says " + part->content_type +
               ".",
           "r:embed", std::string(is), "Give the part the content type of what it is.");
    }
  }

  Reading m_reading;
  std::unordered_set<std::uint32_t> m_ids;
  std::set<const Part*> m_images;
};

bool holds_drawings(std::string_view content_type) {
  return content_type.find("drawing") != content_type.npos ||
         content_type.find("wordprocessingml") != content_type.npos ||
         content_type.find("chart") != content_type.npos || content_type.find("theme") != content_type.npos;
}

constexpr std::string_view chart_type = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

// Two that read the same.
class Both : public Handler {
 public:
  Both(std::unique_ptr<Handler> first, std::unique_ptr<Handler> second)
      : m_first(std::move(first)), m_second(std::move(second)) {}
  void start(const Start& element) override {
    m_first->start(element);
    m_second->start(element);
  }
  void text(std::string_view text) override {
    m_first->text(text);
    m_second->text(text);
  }
  void end(const Start& element) override {
    m_first->end(element);
    m_second->end(element);
  }

 private:
  std::unique_ptr<Handler> m_first, m_second;
};

}  // namespace

std::unique_ptr<Handler> drawing_rules(const Reading& reading) {
  if (!holds_drawings(reading.part.content_type)) return nullptr;
  auto drawing = std::make_unique<DrawingReader>(reading);
  if (reading.part.content_type != chart_type) return drawing;
  return std::make_unique<Both>(std::move(drawing), chart_rules(reading));
}

}  // namespace ooxml
