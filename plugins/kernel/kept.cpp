// A small file for each session, in the plugin's folder.
#include "kept.hpp"

#include "fields.hpp"
#include "time_text.hpp"

namespace kernel {

using berth::Json;

namespace {

std::string file_of(const std::string& session) { return "kept/" + session + ".json"; }

}  // namespace

Json Kept::read(const std::string& session) const {
  try {
    const auto text = m_files.read_if_there(file_of(session));
    const Json all = text ? Json::parse(*text, nullptr, false) : Json();
    return all.is_object() ? all : Json::object();
  } catch (const berth::Error&) {
    return Json::object();
  }
}

void Kept::write(const std::string& session, const Json& all) const {
  try {
    all.empty() ? m_files.remove(file_of(session)) : m_files.write(file_of(session), berth::json_text(all), false);
  } catch (const berth::Error&) {  // nothing to remove, or a full disk: the next one is remembered
  }
}

void Kept::failed(const std::string& session, const std::string& kernel, const berth::Error& why) const {
  m_log.warn("a kernel could not be written into its file",
             {{"session", session}, {"kernel", kernel}, {"why", why.message()}});
}

void Kept::wrote(const std::string& session, const std::string& kernel, std::int64_t cells) {
  m_now.emplace(session, kernel);
  Json all = read(session);
  all[kernel] = {{"time", time_text(std::chrono::system_clock::now())}, {"cells", cells}};
  write(session, all);
}

std::string Kept::news(const std::string& session, const std::string& kernel) const {
  if (m_every.count() == 0 || m_now.count({session, kernel}) != 0) return {};
  const Json one = field(read(session), kernel.c_str());
  if (!one.is_object()) return {};
  const Json asked{{"kernel", kernel}, {"path", path_of(kernel)}};
  return "Berth began anew, and its variables are lost; those of " + text(one, "time") + ", after " +
         std::to_string(typed(one, "cells", 0).get<std::int64_t>()) + " cells, are in " + path_of(kernel) +
         ": POST /cryo/reload " + berth::json_text(asked);
}

void Kept::forget(const std::string& session, const std::string& kernel) {
  if (m_every.count() == 0) return;
  m_now.erase({session, kernel});
  Json all = read(session);
  if (all.erase(kernel) > 0) write(session, all);
}

void Kept::forget(const std::string& session) {
  if (m_every.count() == 0) return;
  for (auto one = m_now.begin(); one != m_now.end();) one = one->first == session ? m_now.erase(one) : std::next(one);
  write(session, Json::object());
}

}  // namespace kernel
