// schemas: what readers and LLM clients are told of the operations, before anything is called.
#include <regex>

#include "checks.hpp"
#include "fit.hpp"

namespace berth::check {

namespace {

class Reading {
 public:
  Reading(const Subject& subject, std::string operation) : m_subject(subject), m_operation(std::move(operation)) {}

  void schema(const Json& schema, const std::string& place, bool described) {
    if (!schema.is_object()) return;
    if (described && schema.value("description", "").empty()) m_nameless += " " + place;
    for (const auto& one : schema.value("examples", Json::array())) value(one, schema, place, "example");
    if (schema.contains("default")) value(schema["default"], schema, place, "default");
    bounds(schema, place);
    pattern(schema.value("pattern", ""), place);
    fields(schema, place);
    if (schema.contains("items")) this->schema(schema["items"], place + "/items", false);
  }
  void input(const Json& input) {
    if (!input.is_object() || input.value("type", "") != "object")
      return fail("its input schema is no object", "begin it with berth::object({…})");
    m_describing = true;
    schema(input, {}, false);
    m_describing = false;
  }
  void close() {
    if (!m_nameless.empty()) warn("no description:" + m_nameless, "say what each field is: string().describe(\"…\")");
  }
  void summary(const Json& operation) {
    const std::string name = operation.value("name", ""), text = operation.value("summary", "");
    if (text.empty() || name.substr(name.find('.') + 1) == text)
      warn("it has no summary of its own", "say in one line what it does: summary(\"…\")");
  }
  bool clean() const { return m_clean; }

 private:
  void fields(const Json& schema, const std::string& place) {
    const Json fields = schema.value("properties", Json::object());
    for (const auto& [name, field] : fields.items()) this->schema(field, place + "/" + name, m_describing);
    for (const auto& name : schema.value("required", Json::array()))
      if (name.is_string() && !fields.contains(name.get<std::string>()))
        fail(place + "/" + name.get<std::string>() + " is required, but not declared", "declare it with field(…)");
  }
  void value(const Json& value, const Json& schema, const std::string& place, const char* what) {
    if (const auto wrong = misfit(value, schema))
      fail(std::string("the ") + what + " of " + place + " does not fit: " + *wrong, "mend the value or the schema");
  }
  void bounds(const Json& schema, const std::string& place) {
    static constexpr std::pair<const char*, const char*> pairs[] = {
        {"minimum", "maximum"}, {"minLength", "maxLength"}, {"minItems", "maxItems"}};
    for (const auto& [least, most] : pairs)
      if (schema.contains(least) && schema.contains(most) && schema[least] > schema[most])
        fail(place + " has a " + least + " above its " + most, "exchange them");
  }
  void pattern(const std::string& pattern, const std::string& place) {
    try {
      const std::regex read(pattern);
    } catch (const std::regex_error&) {
      fail(place + " has a pattern that cannot be read: " + shown(pattern), "write an ECMAScript pattern");
    }
  }
  void warn(const std::string& why, const std::string& advice) { found(Verdict::warn, why, advice); }
  void fail(const std::string& why, const std::string& advice) { found(Verdict::fail, why, advice); }
  void found(Verdict verdict, const std::string& why, const std::string& advice) {
    m_clean = false;
    m_subject.reporter.found({"schemas", verdict, m_operation, why, advice});
  }

  const Subject& m_subject;
  const std::string m_operation;
  std::string m_nameless;
  bool m_clean = true, m_describing = false;
};

}  // namespace

void check_schemas(const Subject& subject) {
  bool clean = true;
  int without_output = 0;
  for (const Json& one : subject.manifest.value("operations", Json::array())) {
    Reading reading(subject, one.value("name", "?"));
    reading.summary(one);
    reading.input(one.value("input", Json()));
    const std::string kind = one.value("kind", "");
    if (one.contains("output")) reading.schema(one["output"], {}, false);
    without_output += !one.contains("output") && (kind == "call" || kind == "upload") ? 1 : 0;
    reading.close();
    clean = clean && reading.clean();
  }
  if (subject.manifest.contains("config")) {
    Reading reading(subject, "config");
    reading.input(subject.manifest["config"]);
    reading.close();
    clean = clean && reading.clean();
  }
  const std::string note =
      without_output ? "; " + std::to_string(without_output) + " operations declare no output schema" : "";
  if (clean) subject.ok("schemas", "summaries, descriptions, examples and bounds are sound" + note);
}

}  // namespace berth::check
