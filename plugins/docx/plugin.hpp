// The plugin: each operation opens its files in the client's name, and is then a function of what was asked.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/jobs.hpp>

#include "operations.hpp"
#include "serve/desk.hpp"
#include "serve/job.hpp"

namespace docx {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);

 private:
  static void declare_reading(Declaration& d);
  static void declare_changes(Declaration& d);
  static void declare_comments(Declaration& d);
  static void declare_revisions(Declaration& d);

  // One that answers at once.
  template <berth::Json (*operation)(const ooxml::serve::Asked&)>
  berth::Json run(const berth::Call& call) {
    ooxml::serve::Desk desk(m_calls, call);
    return operation({call.input(), desk, {}, [call] { return call.cancelled(); }, &m_config, {}});
  }
  // One that may be a job, for big files.
  template <berth::Json (*operation)(const ooxml::serve::Asked&)>
  void run_or_job(berth::Call call) {
    ooxml::serve::run_or_job(m_calls, m_jobs, call, operation, {&m_config, m_sdk});
  }

  const berth::Json m_config;
  const decltype(ooxml::serve::Asked::sdk) m_sdk;
  berth::Calls m_calls;
  berth::Jobs m_jobs;
};

}  // namespace docx
