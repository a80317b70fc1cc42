// berth.log/1: a plugin's lines in the host's log.
#include <berth/service/log.h>

#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>

#include "loader/host_side.hpp"
#include "loader/services/lent.hpp"
#include "loader/services/texts.hpp"
#include "loader/services/tables.hpp"

namespace berth::loader {

namespace {

constexpr int deepest_field = 64;  // what lies deeper in a line's fields is left out

// As members of the line, but for the names that every line has. `said` keeps the names until the line is written.
void add_members(service::Log::Fields& to, const nlohmann::json& said) {
  for (const auto& [name, value] : said.items()) {
    if (name == "time" || name == "level" || name == "who" || name == "message") continue;
    to.push_back(value.is_string() ? service::Log::Field(name, value.get_ref<const std::string&>())
                                   : service::Log::Field::json(name, json_text(value)));
  }
}

void write_line(const berth_host* host, berth_level level, berth_text message, berth_text fields) {
  const HostSide& here = HostSide::of(host);
  const int bounded = level < BERTH_DEBUG ? BERTH_DEBUG : level > BERTH_ERROR ? BERTH_ERROR : level;
  if (!here.log().wants(static_cast<service::Level>(bounded)) || !here.may_say(message.size + fields.size)) return;
  service::Log::Fields more;
  const auto shallow = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth < deepest_field; };
  // Before it is written as JSON, where quotes and ends of lines look otherwise.
  const auto said = nlohmann::json::parse(here.lent().masked_json(copy(fields)), shallow, false);
  if (said.is_object())
    add_members(more, said);
  else if (fields.size > 0)
    more.emplace_back(service::Log::Field("fields", here.lent().masked(copy(fields))));
  here.log().write(static_cast<service::Level>(bounded), here.plugin(), here.lent().masked(copy(message)), more);
}

}  // namespace

const void* log_table() {
  static constexpr berth_log table{sizeof(berth_log), &write_line};
  return &table;
}

}  // namespace berth::loader
