// A session's zygote: a Python in the session's jail that has imported everything and forks workers. It is started by
// the host.
#pragma once

#include <berth/service/process.hpp>

#include <deque>
#include <optional>
#include <string>

#include "forker.hpp"
#include "tail.hpp"

namespace kernel {

struct EngineOptions {
  std::string python;
  berth::Json preload;  // names
};

class Zygote : public Forker {
 public:
  Zygote(Loop& loop, const EngineOptions& options, std::string session);
  ~Zygote() override;
  // `ended` is called once, with the reason, if it ends by itself. Throws Error.
  void start(const berth::Processes& processes, Ended ended);
  void look(Looked then) override;
  bool was_well() const { return !m_about.is_null() && m_stillborn < most_stillborn; }
  std::string printed() const { return m_tail.text(); }  // the last of it

 private:
  berth::Plan plan(int orders, int sources) const;
  void come_up(const Answer& answer);
  void ended(const std::string& words);
  void looked(const berth::Hits& hits);
  const char* name() const override { return "the zygote"; }
  void closed() override;
  void let_go() override;
  berth::Error end_of(const std::string& what) const override;

  const EngineOptions m_options;
  const std::string m_session;
  std::optional<berth::Process> m_process;
  std::deque<Looked> m_looks;  // that are not answered
  Tail m_tail;                 // of what it printed
  std::string m_refusal;
};

}  // namespace kernel
