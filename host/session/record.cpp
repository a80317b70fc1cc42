// A file that people may edit and that a disk may spoil: everything in it is checked, and the complaint names the
// field.
#include "session/record.hpp"

#include <nlohmann/json.hpp>

#include "service/digest.hpp"
#include "service/text.hpp"

namespace berth::session {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

Error bad_record(const std::string& what) { return {500, "bad_record", what}; }

// The fields in turn; the first that will not do ends the reading.
class Fields {
 public:
  explicit Fields(const json& object) : m_object(object) {}

  const json* find(const char* name, bool (json::*is)() const, const char* kind) {
    const auto at = m_object.find(name);
    if (at == m_object.end() || m_wrong.empty() == false) return nullptr;
    if (((*at).*is)()) return &*at;
    m_wrong = std::string(name) + " is not " + kind;
    return nullptr;
  }
  std::string text(const char* name) {
    const json* at = find(name, &json::is_string, "text");
    return at ? at->get<std::string>() : std::string();
  }
  std::uint64_t number(const char* name) {
    const json* at = find(name, &json::is_number_unsigned, "a whole number");
    return at ? at->get<std::uint64_t>() : 0;
  }
  bool yes(const char* name) {
    const json* at = find(name, &json::is_boolean, "true or false");
    return at && at->get<bool>();
  }
  void wrong(const std::string& what) {
    if (m_wrong.empty()) m_wrong = what;
  }
  const std::string& wrong() const { return m_wrong; }

 private:
  const json& m_object;
  std::string m_wrong;
};

void read_limits(Fields& fields, Record& record) {
  const json* given = fields.find("limits", &json::is_object, "an object");
  if (!given) return;
  // What is left out is none.
  for (const auto& one : limit_settings()) {
    const auto at = given->find(one.name);
    const auto value = at == given->end() ? std::optional<double>(0) : one.parse(*at);
    if (value && *value >= 0 && *value <= one.most)
      one.put(record.limits, *value);
    else
      fields.wrong(std::string("limits.") + one.name + " is no good");
  }
}

void read_labels(Fields& fields, Record& record) {
  const json* given = fields.find("labels", &json::is_object, "an object");
  if (!given) return;
  for (const auto& [name, value] : given->items()) {
    if (!value.is_string()) return fields.wrong("the label " + name + " is not text");
    record.labels[name] = value.get<std::string>();
  }
}

void read_token(Fields& fields, Record& record) {
  record.sha256 = fields.text("token");
  if (!record.sha256.empty() && !service::is_digest(record.sha256)) fields.wrong("token is not 64 hex digits");
  const auto scope = parse_scope(fields.text("scope"));
  if (!scope && !record.sha256.empty()) fields.wrong("scope is not read, run or admin");
  record.scope = scope.value_or(Scope::run);
}

}  // namespace

bool is_session_id(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= 48 && text.find_first_not_of(letters) == std::string_view::npos &&
         text.front() != '_' && text.front() != '-';
}

std::string Record::text() const {
  json all{{"id", id},         {"created", created}, {"ttl", ttl.count()}, {"limits", limits_json(limits)},
           {"labels", labels}, {"turn", turn},       {"user", user},       {"had_processes", had_processes}};
  if (!lost.empty()) all["lost"] = lost;
  if (!sha256.empty()) {
    all["token"] = sha256;
    all["scope"] = name_of(scope);
  }
  return all.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

Token Record::token() const { return {TokenStore::name_for(id), scope, id, sha256, created, {}}; }

Result<Record> Record::parse(std::string_view id, std::string_view text) {
  const json all = json::parse(text, nullptr, false);
  if (!all.is_object()) return bad_record("it is no JSON object");
  Fields fields(all);
  Record record;
  record.id = fields.text("id");
  record.created = fields.text("created");
  record.ttl = std::chrono::seconds(fields.number("ttl"));
  record.turn = fields.number("turn");
  record.user = static_cast<uid_t>(fields.number("user"));
  record.had_processes = fields.yes("had_processes");
  record.lost = fields.text("lost");
  read_limits(fields, record);
  read_labels(fields, record);
  read_token(fields, record);
  if (record.id != id) fields.wrong("its id is not the folder's name");
  if (!service::parse_time(record.created)) fields.wrong("created is not like 2026-01-31T12:00:00Z");
  for (const char* name : {"limits", "turn", "user"}) {
    if (!all.contains(name)) fields.wrong(std::string("it lacks ") + name);
  }
  if (!fields.wrong().empty()) return bad_record(fields.wrong());
  return record;
}

}  // namespace berth::session
