// A yes is for one time that it runs, and for the text that was shown.
#include "scripts.hpp"

#include <berth/call_parts.hpp>

#include <algorithm>
#include <utility>

#include "familiar.hpp"
#include "session.hpp"

namespace mcp {

namespace {

constexpr std::size_t most_scripts = 256, most_of_a_session = 64, longest_script = 64u << 10,
                      most_of_a_result = 32u << 10;
constexpr std::chrono::hours kept_time{1};

berth::Error unknown() {
  return {404, "no_script", "there is no such script, or not any more", "validate_script gives a script its token"};
}

// Of what a command answers what is worth keeping.
Json result_of(const Json& answer) {
  Json result = Json::object();
  for (const char* name : {"status", "returncode", "stdout", "stderr", "timed_out", "reason"}) {
    const Json& value = part(answer, name);
    if (value.is_string() && value.get_ref<const std::string&>().size() > most_of_a_result)
      result[name] = "(" + std::to_string(value.get_ref<const std::string&>().size()) + " bytes, which are not kept)";
    else if (!value.is_null())
      result[name] = value;
  }
  return result;
}

}  // namespace

Json Scripts::step(const std::string& verb, const Json& input, const std::string& seat, const Run* run) {
  if (verb == "script.keep") {
    const std::string id = keep(input, seat);
    return shown(id, m_all.at(id), true);
  }
  const std::string id = text_in(input, "id");
  Script& script = find(id, seat);
  if (verb == "script.said") return script.said;
  if (verb == "script.take") {
    if (script.state != "approved")
      throw berth::Error(409, "not_approved",
                         "this script is " + script.state + (script.why.empty() ? "" : ": " + script.why));
    script.state = "running";
    script.run = run;
  } else if (verb == "script.end") {
    script.state = "executed";
    script.run = nullptr;
    script.result = result_of(part(input, "result"));
  } else if (verb == "script.reject") {
    if (script.state == "running") throw berth::Error(409, "running", "this script runs already");
    script.state = "rejected";
    ++script.said;
  }
  return shown(id, script, true);
}

std::string Scripts::keep(const Json& input, const std::string& seat) {
  Script script;
  script.seat = seat;
  script.type = text_in(input, "script_type");
  script.text = text_in(input, "script");
  script.about = text_in(input, "description").substr(0, 2000);
  script.read_only = part(input, "readonly") == true;
  script.until = Clock::now() + kept_time;
  if (script.text.empty() || script.text.size() > longest_script)
    throw berth::Error(422, "invalid_input", "a script has 1 to " + std::to_string(longest_script) + " bytes");
  const auto of_session =
      std::count_if(m_all.begin(), m_all.end(), [&](const auto& one) { return one.second.seat == seat; });
  const bool mine = static_cast<std::size_t>(of_session) >= most_of_a_session;
  if (mine || m_all.size() >= most_scripts) {  // the oldest goes, of this session if that has too many
    auto oldest = m_all.end();
    for (auto at = m_all.begin(); at != m_all.end(); ++at)
      if (!at->second.run && (!mine || at->second.seat == seat) &&
          (oldest == m_all.end() || at->second.until < oldest->second.until))
        oldest = at;
    if (oldest == m_all.end()) throw berth::Error(503, "busy", "too many scripts run at once", "try again in a moment");
    m_all.erase(oldest);
  }
  const std::string id = random_name();
  m_all[id] = std::move(script);
  return id;
}

Scripts::Script& Scripts::find(const std::string& id, const std::string& seat) {
  const auto at = m_all.find(id);
  if (at == m_all.end() || at->second.seat != seat) throw unknown();
  return at->second;
}

Json Scripts::approve(const std::string& id, const std::string& seat, bool yes, const std::string& why) {
  Script& script = find(id, seat);
  if (script.state == "running") throw berth::Error(409, "running", "this script runs already");
  ++script.said;
  script.state = yes ? "approved" : "rejected";
  script.why = yes ? "" : why;
  return shown(id, script, false);
}

Json Scripts::agree(const std::string& id, const std::string& seat, const Json& said) {
  const Script& script = find(id, seat);
  if (script.said != said && script.state != "approved")
    throw berth::Error(409, "not_approved",
                       "somebody else has said something of this script while you were asked: it is " + script.state,
                       "ask again for it");
  return approve(id, seat, true);
}

Json Scripts::shown(const std::string& id, const Script& script, bool whole) {
  Json all{{"id", id},
           {"state", script.state},
           {"script_type", script.type},
           {"description", script.about},
           {"readonly", script.read_only}};
  if (!script.why.empty()) all["why"] = script.why;
  all["script"] = script.text;
  if (whole && !script.result.is_null()) all["result"] = script.result;
  return all;
}

Json Scripts::list(const std::string& seat) const {
  Json all = Json::array();
  for (const auto& [id, script] : m_all)
    if (script.seat == seat) all.push_back(shown(id, script, false));
  return {{"scripts", std::move(all)}};
}

void Scripts::left(const Run* run) {
  for (auto& [id, script] : m_all) {
    if (script.run != run) continue;
    script.run = nullptr;
    script.state = "ended";
    script.why = "whoever ran it left, or it could not be run";
  }
}

void Scripts::forget(Clock::time_point now) {
  for (auto at = m_all.begin(); at != m_all.end();)
    at = at->second.until < now && !at->second.run ? m_all.erase(at) : std::next(at);
}

void Scripts::forget_session(const std::string& seat) {
  for (auto at = m_all.begin(); at != m_all.end();) at = at->second.seat == seat ? m_all.erase(at) : std::next(at);
}

}  // namespace mcp
