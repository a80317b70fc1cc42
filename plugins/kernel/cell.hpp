// A cell as a task, for each of the three that may have asked for it: a call that waits for the answer, a stream, a
// job.
#pragma once

#include <berth/call.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/jobs.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "kernel.hpp"
#include "record.hpp"

namespace kernel {

struct CellTools {  // what cells use of the plugin; outlives them
  Loop& loop;
  berth::Calls& calls;
  berth::Spiller& spiller;
};

class Cell : public Task, public std::enable_shared_from_this<Cell> {
 public:
  Cell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel);

  const Ask& ask() const { return m_ask; }
  const Ask* asked() const override { return m_ask.silent ? nullptr : &m_ask; }
  berth::Json request() const override { return m_ask.request(); }
  std::chrono::milliseconds timeout() const override { return m_ask.timeout; }
  bool waits() const override { return m_ask.wait; }
  void told(Told told) override;
  // To what input() of the user's asks; false: nothing was asked.
  bool answer(const std::optional<std::string>& value);
  // Nobody waits for it any more.
  void drop();
  // For whoever sent the cell, with no more rights than the session has.
  berth::Ask as_session(berth::Ask ask) const { return as_caller(std::move(ask)).as_session(); }
  bool over() const { return m_ended; }  // its id may be used again

 protected:
  virtual void heard(const Told& told) = 0;
  void set_over() { m_ended = true; }
  // Berth's own operations are called for whoever sent the cell, but with no more rights than the session has: it might
  // be a thread that an earlier cell left.
  virtual berth::Ask as_caller(berth::Ask ask) const = 0;
  void forget_calls();
  // If it failed, and asked for that: what waits behind it does not run.
  void stop_others(const Ending& ending) const;

  const CellTools m_tools;
  const Ask m_ask;
  const std::weak_ptr<Kernel> m_kernel;

 private:
  void call(const berth::Json& event);
  void answer_call(const berth::Json& question, const berth::Json& outcome);
  void start_call(const berth::Json& question, const std::string& operation, const berth::Json& input);
  bool withdraw(const berth::Json& question);
  std::optional<berth::Json> m_question;         // of input()
  std::map<std::uint64_t, berth::Json> m_calls;  // under way, with the questions that they answer
  bool m_ended = false;
};

// Gathers what comes, and tells it at the end.
class GatheringCell : public Cell {
 public:
  GatheringCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel);
  void ended(const Ending& ending) override;

 protected:
  void heard(const Told& told) override { m_record.told(told); }
  virtual void give(const berth::Json& answer) = 0;

 private:
  void tell(const Ending& ending);
  Record m_record;
};

class CallCell : public GatheringCell {
 public:
  CallCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Call call);
  void refused(const berth::Error& why) override { m_call.fail(why); }

 private:
  void give(const berth::Json& answer) override { m_call.send(answer); }
  berth::Ask as_caller(berth::Ask ask) const override { return ask.as(m_call); }
  const berth::Call m_call;
};

class JobCell : public GatheringCell {
 public:
  JobCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Job job);
  void begun() override { m_job.report(-1, "running"); }
  void refused(const berth::Error& why) override { m_job.failed(why); }

 private:
  void give(const berth::Json& answer) override;
  berth::Ask as_caller(berth::Ask ask) const override { return ask.as(m_job); }
  const berth::Job m_job;
};

}  // namespace kernel
