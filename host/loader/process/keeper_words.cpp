// What a keeper says: to the process that it starts, and of itself.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "loader/process/keeper.hpp"
#include "loader/process/packed.hpp"
#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;
using service::Level;

std::string_view name_of(Keeper::State state) {
  switch (state) {
    case Keeper::State::idle:
    case Keeper::State::starting: return "starting";
    case Keeper::State::ready: return "ready";
    case Keeper::State::waiting: return "restarting";
    case Keeper::State::stopped: return "disabled";
    case Keeper::State::ended: return "ended";
  }
  return "ended";
}

Frame Keeper::start_frame() const {
  Packer fields;
  fields.text(m_name).text(m_library).text(m_manifest).number(m_rules.memory).number(m_rules.threads);
  fields.text(m_given.state_folder).number(m_given.state_limit).number(m_rules.confined);
  fields.number(m_given.services.size());
  for (const auto& id : m_given.services) fields.text(id);
  return {FrameKind::start, 0, fields.done(), m_given.config,
          m_given.secrets ? pack_secrets(*m_given.secrets) : service::UniqueFd()};
}

// The first word of it comes before the library is loaded; a later one is the plugin's own, and worth nothing.
void Keeper::confined(const Frame& frame) {
  if (m_confined) return;
  Unpacker fields(frame.fields);
  m_confined.emplace();
  for (auto left = fields.number(); left > 0 && fields.good() && m_confined->size() < 16; --left)
    m_confined->push_back(fields.text());
}

void Keeper::hear_line(const Frame& frame) {
  const auto level = static_cast<Level>(std::min<std::uint64_t>(Unpacker(frame.fields).number(), 3));
  if (m_around.log.wants(level) && m_lines.lets(frame.fields.size() + frame.data.size()))
    write_log(m_around.log, m_name, frame);
}

void Keeper::hear_printed(std::string_view line) {
  if (m_printed.lets(line.size())) say(Level::info, m_mask(std::string(line)), {{"output", "true"}});
}

Error Keeper::reason() const {
  Error error{503, "plugin_down", m_name + " is not up", "try again in a moment"};
  error.retry_after = std::chrono::seconds(1);
  if (m_state == State::starting) error.message = m_name + " is starting";
  if (m_state == State::waiting) error.message = m_name + " is down and will be started again: " + m_why;
  if (m_state != State::stopped) return error;
  error.message = m_name + " died " + std::to_string(m_rules.restarts.deaths) + " times within " +
                  service::format_duration(m_rules.restarts.within) + " and stays down; the last time: " + m_why;
  error.hint = "berth plugin enable " + m_name;
  error.retry_after.reset();
  return error;
}

std::optional<std::string> Keeper::ailment() const {
  if (m_state != State::ready) return reason().message;
  if (!m_ailment.empty()) return m_ailment;
  return std::nullopt;
}

json Keeper::facts() const {
  json facts{{"state", name_of(m_state)}, {"restarts", m_restarts.total()}};
  if (m_child) facts["pid"] = m_child->pid();
  if (m_child && m_confined) facts["confined"] = *m_confined;
  if (const auto held = m_child ? m_child->memory() : std::nullopt) facts["memory"] = *held;
  if (!m_why.empty()) facts["reason"] = m_state == State::stopped ? reason().message : m_why;
  return facts;
}

void Keeper::tell_all(std::string_view what, const std::string& why) const {
  if (m_around.heard) m_around.heard(what, m_name, why);
}

void Keeper::say(Level level, std::string_view message, const service::Log::Fields& fields) const {
  m_around.log.write(level, m_name, message, fields);
}

}  // namespace berth::loader
