// Pivot tables and what they read from: that each names what the other has.
#include "names.hpp"
#include "sheet/reader.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;
namespace s = names::s;

class CacheReader : public PartReader {
 public:
  using PartReader::PartReader;

 private:
  void open(const Start& element) override {
    if (element.name == s::cacheField) ++m_fields;
    if (element.name == s::cacheSource) source(element);
  }

  void source(const Start& element) const {
    std::string_view text = element.value(n::connectionId);
    std::uint32_t id = 0;
    if (text.data() != nullptr && (!read_number(text, id) || facts.connections.count(id) == 0))
      tell.object(Severity::schema, "missing-connection",
                  "There is no connection " + std::string(text.substr(0, 20)) + ".", "connectionId",
                  "Give the id of one that is there.");
  }

  void close(const Start& element) override {
    if (element.name == s::cacheFields) facts.cache_fields[tell.reading().part.name] = m_fields;
  }

  std::uint32_t m_fields = 0;
};

class PivotReader : public PartReader {
 public:
  using PartReader::PartReader;

 private:
  void open(const Start& element) override {
    switch (key(element.name)) {
      case key(s::pivotTableDefinition): return table(element);
      case key(s::pivotField): ++m_fields; return;
      case key(s::field): return field(element, n::x, m_fields, "x");
      case key(s::pageField): return page(element);
      case key(s::location): return location(element);
      default: return;
    }
  }

  void table(const Start& element) {
    std::string_view text = element.value(n::cacheId);
    std::uint32_t id = 0;
    if (text.data() != nullptr && (!read_number(text, id) || facts.pivot_caches.count(id) == 0))
      tell.object(Severity::refused, "missing-cache",
                  "The workbook has no pivot cache " + std::string(text.substr(0, 20)) + ".", "cacheId",
                  "Give the id of one that is there.");
    const Relationship* relation = tell.reading().part.relation_of("pivotCacheDefinition");
    auto cache = relation == nullptr ? facts.cache_fields.end() : facts.cache_fields.find(relation->target);
    m_known = cache != facts.cache_fields.end();
    if (m_known) m_cache_fields = cache->second;
  }

  void field(const Start& element, Name attribute, std::uint32_t there, const char* name) const {
    std::string_view text = element.value(attribute);
    std::uint32_t index = 0;
    if (!read_number(text, index) || index < there) return;
    tell.mind(Severity::repaired, "missing-index",
              "There is no field number " + std::string(text) + ", but only " + std::to_string(there) + ".", name,
              "Count the fields from zero.");
  }

  void page(const Start& element) const {
    std::string_view text = element.value(n::fld);
    std::uint32_t index = 0;
    if (!m_known || !read_number(text, index) || index < m_cache_fields) return;
    tell.object(Severity::schema, "missing-index", "The cache has no field number " + std::string(text) + ".", "fld",
                "Count the fields from zero.");
  }

  void location(const Start& element) const {
    Area area;
    std::string_view ref = element.value(n::ref);
    if (ref.data() != nullptr && !read_area(ref, area))
      tell.mind(Severity::repaired, "bad-reference", "\"" + std::string(ref.substr(0, 40)) + "\" are no cells.", "ref",
                "Write them as \"A1:C3\".");
  }

  void close(const Start& element) override {
    if (element.name != s::pivotFields || !m_known || m_fields == m_cache_fields) return;
    tell.mind(Severity::repaired, "fields-disagree",
              "The pivot table has " + std::to_string(m_fields) + " fields, and its cache " +
                  std::to_string(m_cache_fields) + ".",
              "", "Describe each of the cache's fields.");
  }

  std::uint32_t m_fields = 0, m_cache_fields = 0;
  bool m_known = false;
};

}  // namespace

std::unique_ptr<Handler> cache_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<CacheReader>(reading, facts);
}

std::unique_ptr<Handler> pivot_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<PivotReader>(reading, facts);
}

}  // namespace ooxml::sheet
