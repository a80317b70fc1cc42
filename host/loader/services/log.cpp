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

// As members of the line, but for the names that every line has.
void add_members(service::Log::Fields& to, const nlohmann::json& given, const Lent& lent) {
  for (const auto& [name, value] : given.items()) {
    if (name == "time" || name == "level" || name == "who" || name == "message") continue;
    to.push_back(value.is_string() ? service::Log::Field(name, lent.masked(value.get_ref<const std::string&>()))
                                   : service::Log::Field::json(name, lent.masked(json_text(value))));
  }
}

void write(const berth_host* host, berth_level level, berth_text message, berth_text fields) {
  const HostSide& here = HostSide::of(host);
  const int bounded = level < BERTH_DEBUG ? BERTH_DEBUG : level > BERTH_ERROR ? BERTH_ERROR : level;
  service::Log::Fields more;
  const auto given = nlohmann::json::parse(view(fields), nullptr, false);
  if (given.is_object())
    add_members(more, given, here.lent());
  else if (fields.size > 0)
    more.emplace_back(service::Log::Field("fields", here.lent().masked(copy(fields))));
  here.log().write(static_cast<service::Level>(bounded), here.plugin(), here.lent().masked(copy(message)), more);
}

}  // namespace

const void* log_table() {
  static constexpr berth_log table{sizeof(berth_log), &write};
  return &table;
}

}  // namespace berth::loader
