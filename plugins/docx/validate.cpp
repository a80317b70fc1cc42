// Word's own rules and ours read along with the grammar, part by part. What both tell is told once, by the rule.
#include "validate.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "read/keys.hpp"
#include "rules/lua_rules.hpp"
#include "word/rules.hpp"

namespace docx {

using ooxml::Findings;
using ooxml::Handler;
using ooxml::Package;
using ooxml::Part;
using ooxml::Reading;
using ooxml::Severity;
using ooxml::Start;
using ooxml::serve::Verdict;
using ooxml::serve::WrongInput;

namespace {

// One part for all that read it: Word's rules, the library, the checks.
class Together : public Handler {
 public:
  Together(std::unique_ptr<Handler> first, std::unique_ptr<Handler> second, Checks checks)
      : m_first(std::move(first)), m_second(std::move(second)), m_checks(std::move(checks)) {}

  void start(const Start& element) override {
    if (m_first) m_first->start(element);
    if (m_second) m_second->start(element);
    m_open.push_back(key(element.name));
    for (const auto& check : m_checks) check->start(element, m_open);
  }
  void text(std::string_view text) override {
    if (m_first) m_first->text(text);
    if (m_second) m_second->text(text);
    for (const auto& check : m_checks) check->text(text, m_open);
  }
  void end(const Start& element) override {
    if (m_first) m_first->end(element);
    if (m_second) m_second->end(element);
    for (const auto& check : m_checks) check->end(element, m_open);
    m_open.pop_back();
    if (!m_open.empty()) return;
    for (const auto& check : m_checks) check->finish();
  }

 private:
  const std::unique_ptr<Handler> m_first, m_second;
  const Checks m_checks;
  Check::Open m_open;
};

class Rules : public ooxml::Domain {
 public:
  Rules(Scene& scene, const std::vector<std::shared_ptr<MoreRules>>& more)
      : m_scene(scene), m_more(more), m_words(ooxml::word_rules()) {}

  std::vector<const Part*> first(const Package& package) override {
    auto parts = m_words->first(package);
    for (const Role role : {Role::styles, Role::numbering, Role::fonts, Role::comments, Role::comments_extended}) {
      const Part* part = part_of(package, role);
      if (part && std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
    }
    return parts;
  }

  std::unique_ptr<Handler> reader(const Reading& reading) override {
    auto words = m_words->reader(reading);
    const Role role = role_of(reading.package, reading.part);
    if (role == Role::document) m_scene.library.join_threads();
    if (role == Role::none || role == Role::settings || role == Role::people) return words;
    // The reading is the look's own; checks keep it as long as they read.
    Checks checks;
    const bool story =
        role != Role::styles && role != Role::numbering && role != Role::fonts && role != Role::comments_extended;
    if (story) {
      add_table_checks(checks, m_scene, reading);
      add_section_checks(checks, m_scene, reading);
      add_reference_checks(checks, m_scene, reading);
      add_mark_checks(checks, m_scene, reading);
      add_text_checks(checks, m_scene, reading);
    }
    add_font_checks(checks, m_scene, reading);
    for (const auto& more : m_more) more->add_checks(checks, m_scene, reading);
    return std::make_unique<Together>(std::move(words), library_reader(m_scene.library, role), std::move(checks));
  }

  void finish(const Package& package, Findings& findings) override {
    m_words->finish(package, findings);
    finish_marks(m_scene);
    finish_fonts(m_scene);
    for (const auto& more : m_more) more->finish(m_scene);
  }

 private:
  Scene& m_scene;
  const std::vector<std::shared_ptr<MoreRules>>& m_more;
  const std::unique_ptr<ooxml::Domain> m_words;
};

// What a rule tells, too, with its own code and severity.
constexpr std::pair<std::string_view, std::string_view> told_by_rules[] = {
    {"undefined-style", "style-defined"},         {"wrong-style-type", "style-defined"},
    {"undefined-numbering", "numbering-defined"}, {"table-without-grid", "table-grid"},
    {"grid-disagrees", "table-columns"},          {"unbalanced-field", "field-balanced"},
    {"missing-comment", "comment-paired"}};

// What the standard objects to, too, stays where no rule tells it; what Word's own rules alone say is ours to say, or
// not.
bool is_told(const ooxml::Finding& finding, const Ruler& ruler) {
  const bool word = finding.layer == ooxml::Layer::rule;
  if ((!word && finding.layer != ooxml::Layer::semantic) || finding.severity == Severity::refused) return false;
  return std::any_of(std::begin(told_by_rules), std::end(told_by_rules),
                     [&](const auto& one) { return one.first == finding.code && (word || ruler.on(one.second)); });
}

void take_over(Verdict& verdict, const Findings& all, const Ruler& ruler) {
  std::size_t known[4] = {};
  for (const auto& finding : all.kept()) {
    ++known[static_cast<std::size_t>(finding.severity)];
    if (!is_told(finding, ruler)) verdict.findings.add(finding);
  }
  for (const auto severity : {Severity::refused, Severity::repaired, Severity::schema, Severity::hint})
    verdict.left_out += all.count(severity) - known[static_cast<std::size_t>(severity)];
}

void demand_word(Verdict& verdict, const Package& package) {
  if (package.kind() == ooxml::Kind::word) return;
  if (package.kind() == ooxml::Kind::sheet || package.kind() == ooxml::Kind::slides) verdict.opened = false;
  ooxml::Finding finding;
  finding.severity = Severity::refused;
  finding.layer = ooxml::Layer::package;
  finding.code = "another-kind";
  finding.message = "This is a package, and no document of Word's.";
  verdict.findings.add(std::move(finding));
}

}  // namespace

Verdict validate(int file, const ValidateOptions& options, const ooxml::serve::Asked& asked) {
  const auto began = std::chrono::steady_clock::now();
  Verdict verdict(options.most);
  verdict.office = options.office;
  constexpr std::size_t most_seen = 20'000;  // before those that rules tell are left out
  Findings all(std::max(options.most, most_seen));
  Ruler ruler(options.levels, verdict.rulings);
  if (const auto package = Package::open(file, {}, all)) {
    verdict.opened = true;
    verdict.stats["parts"] = package->parts().size();
    verdict.stats["bytes"] = package->archive().file_size();
    verdict.stats["macros"] = package->macros();
    verdict.stats["strict"] = package->strict();
    Library library;
    Scene scene{ruler, library};
    Rules rules(scene, options.more);
    demand_word(verdict, *package);
    ooxml::LookOptions look;
    look.office = options.office;
    look.progress = asked.progress;
    look.stop = asked.stop;
    if (!ooxml::look(*package, &rules, look, all)) verdict.stats["stopped"] = true;
    verdict.stats["comments"] = library.comments.size();
    verdict.stats["styles"] = library.styles.all().size();
  }
  take_over(verdict, all, ruler);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  verdict.milliseconds = took.count();
  return verdict;
}

namespace {

void take_levels(ValidateOptions& options, const berth::Json& levels) {
  for (const auto& [name, level] : levels.items()) {
    const auto meant = level.is_string() ? ooxml::serve::level_of(level.get<std::string>()) : std::nullopt;
    if (!meant)
      throw WrongInput(422, "unknown_level", name + ": a rule is \"error\", \"warning\", \"hint\" or \"off\"");
    options.levels[name] = *meant;
  }
}

std::string read_whole(int file, std::size_t most) {
  std::string text(most + 1, '\0');
  std::size_t size = 0;
  for (ssize_t got = 1; got > 0 && size < text.size(); size += static_cast<std::size_t>(std::max<ssize_t>(got, 0)))
    got = ::pread(file, text.data() + size, text.size() - size, static_cast<off_t>(size));
  if (size > most) throw berth::Error(422, "too_large", "rules in Lua have at most " + std::to_string(most) + " bytes");
  text.resize(size);
  return text;
}

// A misspelt rule would be off, or on, in silence.
void demand_known(const ValidateOptions& options) {
  for (const auto& [name, level] : options.levels) {
    bool known = rule_info(name) != nullptr;
    for (const auto& more : options.more) known = known || more->has(name);
    if (!known)
      throw WrongInput(422, "unknown_rule", "there is no rule " + name, "docx.validate's description has their names");
  }
}

}  // namespace

ValidateOptions validate_options(const ooxml::serve::Asked& asked) {
  ValidateOptions options;
  const std::string office = asked.text("office", "2019");
  const auto known = ooxml::serve::office_of(office);
  if (!known)
    throw WrongInput(422, "unknown_office", "there is no Office " + office,
                     "one of 2007, 2010, 2013, 2016, 2019, 2021, 365");
  options.office = *known;
  options.most = asked.input.value("max_errors", options.most);
  const berth::Json none = berth::Json::object();
  const berth::Json& config = asked.config && asked.config->is_object() ? *asked.config : none;
  if (config.contains("lua")) options.more.push_back(lua_rules(config.at("lua"), "berth.lua"));
  if (config.contains("rules")) take_levels(options, config.at("rules"));
  if (asked.input.contains("lua")) {
    constexpr std::size_t most = 256u << 10;
    const std::string path = asked.input.at("lua");
    const auto file = asked.files.open(path);
    options.more.push_back(lua_rules(read_whole(file.get(), most), path));
  }
  if (asked.input.contains("rules")) take_levels(options, asked.input.at("rules"));
  demand_known(options);
  return options;
}

}  // namespace docx
