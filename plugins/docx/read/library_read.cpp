// One look without the grammar: the library's parts come first, and the text after them.
#include <algorithm>
#include <berth/call.hpp>
#include <utility>

#include "read/keys.hpp"
#include "read/library.hpp"
#include "read/walk.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Handler;
using ooxml::Package;
using ooxml::Part;
using ooxml::Start;

namespace {

class StylesReader : public Handler {
 public:
  explicit StylesReader(Styles& styles) : m_styles(styles) {}
  void start(const Start& element) override {
    const auto value = element.value(n::w::val);
    switch (key(element.name)) {
      case key(n::w::style):
        m_style = {};
        m_style.id = element.value(n::w::styleId);
        m_style.type = element.value(n::w::type);
        m_style.is_default = element.has(n::w::default_) && is_on(element.value(n::w::default_));
        m_depth = element.depth;
        break;
      case key(n::w::name):
        if (element.depth == m_depth + 1) m_style.name = value;
        break;
      case key(n::w::basedOn): m_style.based_on = value; break;
      case key(n::w::outlineLvl): m_style.outline = static_cast<int>(number(value, -1)); break;
      case key(n::w::numId): m_style.numbering = static_cast<int>(number(value, -1)); break;
      case key(n::w::ilvl): m_style.level = static_cast<int>(number(value, 0)); break;
      case key(n::w::rFonts):
        if (element.value(n::w::eastAsia).empty() && element.value(n::w::eastAsiaTheme).empty()) break;
        (m_style.id.empty() ? m_styles.defaults_east_asian : m_style.east_asian) = true;
        break;
      default: break;
    }
  }
  void text(std::string_view) override {}
  void end(const Start& element) override {
    if (key(element.name) == key(n::w::style) && !m_style.id.empty()) m_styles.add(std::exchange(m_style, {}));
  }

 private:
  Styles& m_styles;
  Style m_style;
  std::size_t m_depth = 0;
};

class NumberingReader : public Handler {
 public:
  explicit NumberingReader(Numbering& numbering) : m_numbering(numbering) {}
  void start(const Start& element) override {
    const auto value = element.value(n::w::val);
    const auto whole = static_cast<int>(number(value, -1));
    switch (key(element.name)) {
      case key(n::w::abstractNum): m_abstract = static_cast<int>(number(element.value(n::w::abstractNumId), -1)); break;
      case key(n::w::lvl): m_level = static_cast<int>(number(element.value(n::w::ilvl), 0)); break;
      case key(n::w::numFmt): level().format = value; break;
      case key(n::w::lvlText): level().text = value; break;
      case key(n::w::start): level().start = whole; break;
      case key(n::w::num):
        m_number = static_cast<int>(number(element.value(n::w::numId), -1));
        m_abstract = -1;
        break;
      case key(n::w::abstractNumId):
        if (m_numbering.numbers.size() < most_kept) m_numbering.numbers[m_number] = whole;
        break;
      default: break;
    }
  }
  void text(std::string_view) override {}
  void end(const Start&) override {}

 private:
  Numbering::Level& level() {
    const bool full = m_numbering.abstracts.size() >= most_kept;
    if (full && !m_numbering.abstracts.contains(m_abstract)) return m_none;
    return m_numbering.abstracts[m_abstract][std::clamp(m_level, 0, 8)];
  }
  Numbering::Level m_none;
  Numbering& m_numbering;
  int m_abstract = -1, m_level = 0, m_number = -1;
};

class ThreadsReader : public Handler {
 public:
  explicit ThreadsReader(Library& library) : m_library(library) {}
  void start(const Start& element) override {
    if (key(element.name) != key(n::w15::commentEx)) return;
    const auto done = element.value(n::w15::done);
    if (m_library.threads.size() >= most_kept) return;
    m_library.threads[std::string(element.value(n::w15::paraId))] = {std::string(element.value(n::w15::paraIdParent)),
                                                                     done.data() != nullptr && is_on(done)};
  }
  void text(std::string_view) override {}
  void end(const Start&) override {}

 private:
  Library& m_library;
};

// Comments and notes: each is a little story of its own.
class ItemsReader : public Handler, private Listener {
 public:
  ItemsReader(Library& library, Role role) : m_library(library), m_role(role) {}
  void start(const Start& element) override {
    if (key(element.name) == key(n::w::comment) && m_library.comments.size() < most_kept) {
      m_library.comments.push_back({});
      Comment& comment = m_library.comments.back();
      comment.id = element.value(n::w::id);
      comment.author = element.value(n::w::author);
      comment.date = element.value(n::w::date);
      comment.initials = element.value(n::w::initials);
    } else if (key(element.name) == key(n::w::p) && m_role == Role::comments && !m_library.comments.empty()) {
      m_library.comments.back().paragraph = element.value(n::w14::paraId);
    }
    m_walk.start(element);
  }
  void text(std::string_view text) override { m_walk.text(text); }
  void end(const Start& element) override { m_walk.end(element); }

 private:
  void item(bool, std::string_view id, std::string_view) override {
    const auto notes = m_library.footnotes.size() + m_library.endnotes.size();
    m_text = nullptr;
    if (m_role == Role::comments ? m_library.comments.empty() : notes >= most_kept) return;
    m_text = m_role == Role::comments
                 ? &m_library.comments.back().text
                 : &(m_role == Role::footnotes ? m_library.footnotes : m_library.endnotes)[std::string(id)];
  }
  void paragraph(std::size_t) override {
    if (m_text && !m_text->empty()) *m_text += '\n';
  }
  void piece(std::string_view text, const PieceLook& look) override {
    if (!m_text || look.gone || m_kept + text.size() > most_kept_text) return;
    m_kept += text.size();
    *m_text += text;
  }

  Library& m_library;
  const Role m_role;
  std::string* m_text = nullptr;
  std::size_t m_kept = 0;
  Walk m_walk{*this};
};

class Reader : public ooxml::Domain {
 public:
  Reader(Library& library, const PartReader& reader) : m_library(library), m_reader(reader) {}
  std::vector<const Part*> first(const Package& package) override {
    std::vector<const Part*> parts;
    for (const Role role : {Role::styles, Role::numbering, Role::comments, Role::comments_extended, Role::footnotes,
                            Role::endnotes, Role::document}) {
      if (const Part* part = part_of(package, role)) parts.push_back(part);
    }
    return parts;
  }
  std::unique_ptr<Handler> reader(const ooxml::Reading& reading) override {
    const Role role = role_of(reading.package, reading.part);
    if (role == Role::document) m_library.join_threads();
    if (auto handler = library_reader(m_library, role)) return handler;
    return m_reader ? m_reader(reading.part, role) : nullptr;
  }
  void finish(const Package&, ooxml::Findings&) override {}

 private:
  Library& m_library;
  const PartReader& m_reader;
};

}  // namespace

std::unique_ptr<Handler> library_reader(Library& library, Role role) {
  switch (role) {
    case Role::styles: return std::make_unique<StylesReader>(library.styles);
    case Role::numbering: return std::make_unique<NumberingReader>(library.numbering);
    case Role::comments_extended: return std::make_unique<ThreadsReader>(library);
    case Role::comments:
    case Role::footnotes:
    case Role::endnotes: return std::make_unique<ItemsReader>(library, role);
    default: return nullptr;
  }
}

bool read_all(const Package& package, Library& library, const PartReader& reader,
              const std::function<void(double)>& progress, const std::function<bool()>& stop) {
  Reader domain(library, reader);
  ooxml::LookOptions options;
  options.grammar = false;
  options.progress = progress;
  options.stop = stop;
  ooxml::Findings findings;
  const bool whole = ooxml::look(package, &domain, options, findings);
  for (const auto& finding : findings.kept()) {
    if (finding.layer != ooxml::Layer::xml || finding.severity == ooxml::Severity::hint) continue;
    throw berth::Error(422, "not_well_formed",
                       finding.part + ", line " + std::to_string(finding.line) + ": " + finding.message,
                       "validate the file: it cannot be read as it is");
  }
  return whole;
}

}  // namespace docx
