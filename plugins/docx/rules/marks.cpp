// What comes in pairs: tracked changes, comments, fields, bookmarks.
#include <set>
#include <utility>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

// The id, wherever it is; two tracked changes of one id are fine to Word, and no program can tell them apart.
class Changes : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open&) override {
    switch (key(element.name)) {
      case key(n::w::ins):
      case key(n::w::del):
      case key(n::w::moveFrom):
      case key(n::w::moveTo):
      case key(n::w::rPrChange):
      case key(n::w::pPrChange):
      case key(n::w::sectPrChange):
      case key(n::w::tblPrChange):
      case key(n::w::trPrChange):
      case key(n::w::tcPrChange): look_at(element); break;
      case key(n::w::moveFromRangeStart): begin(m_from, element); break;
      case key(n::w::moveToRangeStart): begin(m_to, element); break;
      case key(n::w::moveFromRangeEnd): close(m_from_ends, element); break;
      case key(n::w::moveToRangeEnd): close(m_to_ends, element); break;
      default: break;
    }
  }

  void finish() override {
    half(m_from, m_from_ends, m_to, "moveFromRangeEnd", "moveTo");
    half(m_to, m_to_ends, m_from, "moveToRangeEnd", "moveFrom");
  }

 private:
  struct Range {
    std::string id, name;
    Ruler::Place place;
  };
  void look_at(const Start& element) {
    std::string lacks;
    if (element.value(n::w::id).empty()) lacks = "w:id";
    if (element.value(n::w::author).empty()) lacks += lacks.empty() ? "w:author" : " and w:author";
    if (lacks.empty() || ++m_told > 20) return;
    m_scene.ruler.find("revision-complete", m_reading,
                       {"the tracked change " + std::string(element.local) + " has no " + lacks,
                        std::string(element.local), lacks, "give it an id of its own and the name of its author"});
  }
  static void close(std::set<std::string>& ends, const Start& element) {
    if (ends.size() < most_remembered) ends.emplace(element.value(n::w::id));
  }
  void begin(std::vector<Range>& ranges, const Start& element) {
    if (ranges.size() >= most_remembered || !m_scene.ruler.on("revision-paired")) return;
    ranges.push_back(
        {std::string(element.value(n::w::id)), std::string(element.value(n::w::name)), Ruler::here(m_reading)});
  }
  void half(const std::vector<Range>& ranges, const std::set<std::string>& ends, const std::vector<Range>& others,
            const char* end, const char* other) const {
    for (const auto& one : ranges) {
      if (!ends.contains(one.id))
        m_scene.ruler.find("revision-paired", one.place,
                           {"the moved range " + one.id + " has no end", std::string("w:") + end, end, "add its end"});
      bool there = false;
      for (const auto& its : others) there = there || its.name == one.name;
      if (!there)
        m_scene.ruler.find("revision-paired", one.place,
                           {"the move \"" + one.name + "\" has no " + other, std::string("w:") + other, other,
                            "make it an insertion or a deletion"});
    }
  }

  std::vector<Range> m_from, m_to;
  std::set<std::string> m_from_ends, m_to_ends;
  std::size_t m_told = 0;
};

class Commented : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open&) override {
    std::map<std::string, Ruler::Place>* places = nullptr;
    if (key(element.name) == key(n::w::commentRangeStart)) places = &m_scene.comment_begins;
    if (key(element.name) == key(n::w::commentRangeEnd)) places = &m_scene.comment_ends;
    if (key(element.name) == key(n::w::commentReference)) places = &m_scene.comment_references;
    if (places && places->size() < most_remembered && m_scene.ruler.on("comment-paired"))
      places->emplace(std::string(element.value(n::w::id)), Ruler::here(m_reading));
  }
};

class Fields : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open&) override {
    if (key(element.name) != key(n::w::fldChar) || !m_scene.ruler.on("field-balanced")) return;
    const auto type = element.value(n::w::fldCharType);
    if (type == "begin") {
      if (m_open.size() < most_remembered) m_open.push_back({Ruler::here(m_reading), false});
    } else if (type == "separate") {
      if (m_open.empty() || m_open.back().second) return fault("a field is separated that has not begun, or twice");
      m_open.back().second = true;
    } else if (type == "end") {
      if (m_open.empty()) return fault("a field ends that has not begun");
      m_open.pop_back();
    }
  }

  void finish() override {
    for (const auto& [place, separated] : m_open)
      m_scene.ruler.find("field-balanced", place,
                         {"the field has no end", "w:fldChar", "fldCharType=\"end\"", "end it in the same story"});
  }

 private:
  void fault(const char* what) {
    m_scene.ruler.find("field-balanced", m_reading,
                       {what, "w:fldChar", "begin, separate, end", "take it away, or add what is missing"});
  }
  std::vector<std::pair<Ruler::Place, bool>> m_open;
};

class Bookmarks : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open&) override {
    if (key(element.name) == key(n::w::bookmarkStart)) {
      if (m_begins.size() < most_remembered && m_scene.ruler.on("bookmark-paired"))
        m_begins.emplace(std::string(element.value(n::w::id)),
                         std::pair(std::string(element.value(n::w::name)), Ruler::here(m_reading)));
    } else if (key(element.name) == key(n::w::bookmarkEnd)) {
      m_begins.erase(std::string(element.value(n::w::id)));
    }
  }
  void finish() override {
    for (const auto& [id, begin] : m_begins)
      m_scene.ruler.find("bookmark-paired", begin.second,
                         {"the bookmark " + begin.first + " has no end", "w:bookmarkEnd", "", "add its bookmarkEnd"});
  }

 private:
  std::map<std::string, std::pair<std::string, Ruler::Place>> m_begins;
};

}  // namespace

void add_mark_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  checks.push_back(std::make_unique<Changes>(scene, reading));
  checks.push_back(std::make_unique<Commented>(scene, reading));
  checks.push_back(std::make_unique<Fields>(scene, reading));
  checks.push_back(std::make_unique<Bookmarks>(scene, reading));
}

// Comments may span stories no more than parts, but are looked at together: a reply has no place of its own.
void finish_marks(Scene& scene) {
  const auto fault = [&](const Ruler::Place& place, std::string what, const char* name, const char* remedy) {
    scene.ruler.find("comment-paired", place, {std::move(what), name, "", remedy});
  };
  if (!scene.ruler.on("comment-paired")) return;
  for (const auto& [id, place] : scene.comment_begins) {
    if (!scene.comment_ends.contains(id))
      fault(place, "the range of comment " + id + " has no end", "w:commentRangeEnd", "add its commentRangeEnd");
    if (!scene.comment_references.contains(id))
      fault(place, "nothing refers to comment " + id, "w:commentReference", "add its commentReference after the range");
  }
  for (const auto& [id, place] : scene.comment_ends) {
    if (!scene.comment_begins.contains(id))
      fault(place, "the range of comment " + id + " has no begin", "w:commentRangeStart", "add its commentRangeStart");
  }
  for (const auto& [id, place] : scene.comment_references) {
    if (!scene.library.comment(id))
      fault(place, "there is no comment " + id, "w:commentReference",
            "add it to comments.xml, or take the reference away");
  }
  for (const auto& one : scene.library.comments) {
    if (scene.comment_references.contains(one.id) || !one.parent.empty()) continue;
    fault({"/word/comments.xml", "", 0}, "nothing in the text refers to comment " + one.id, "w:comment",
          "refer to it by a commentReference, or take it away");
  }
}

}  // namespace docx
