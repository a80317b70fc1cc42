// The plugin: its operations, the session's files that they read, and the jobs of those that take long.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/jobs.hpp>

#include "serve/desk.hpp"
#include "serve/job.hpp"

namespace xlsx {

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);

 private:
  using Operation = berth::Json (*)(const ooxml::serve::Asked&);
  static void declare_looking(Declaration& d);
  static void declare_computing(Declaration& d);
  static void declare_reading(Declaration& d);
  // One that answers at once.
  template <Operation operation>
  berth::Json run(const berth::Call& call) {
    ooxml::serve::Desk desk(m_calls, call);
    return operation({call.input(), desk, {}, [call] { return call.cancelled(); }, &m_config, {}});
  }
  // One that may be a job, for big files.
  template <Operation operation>
  void run_or_job(berth::Call call) {
    ooxml::serve::run_or_job(m_calls, m_jobs, call, operation, {&m_config, m_sdk});
  }
  void send_csv(berth::Call call);
  void send_rows(berth::Call call);

  const berth::Json m_config;
  const decltype(ooxml::serve::Asked::sdk) m_sdk;
  berth::Calls m_calls;
  berth::Jobs m_jobs;
};

}  // namespace xlsx
