// What a kernel does for somebody: one request to its worker, from the queue to its end.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <string>
#include <vector>

#include <berth/fd.hpp>

#include "sequence.hpp"

namespace kernel {

struct Ask;

struct Ending {
  enum class How { done, timeout, interrupted, died };
  How how = How::done;
  berth::Json done = {};   // the worker's answer; null if it gave none
  bool restarted = false;  // the namespace is a new one, during this task or since the last one
  std::string reason = {};
  double ms = 0;
  std::int64_t count = 0;  // of cells, as the kernel knows it
};

class Task {
 public:
  virtual ~Task() = default;
  virtual berth::Json request() const = 0;
  virtual std::vector<berth::Fd> files() { return {}; }  // that go with it
  virtual std::chrono::milliseconds timeout() const = 0;
  virtual bool waits() const { return false; }  // behind cells; otherwise a busy kernel refuses it
  // What is no cell costs nobody a worker or a turn, and leaves to the next cell what that has to be told.
  virtual bool is_cell() const { return true; }
  // What it is to the variables. Those that keep them are not for others that have come in their place; those that
  // bring some make what was said of a loss old.
  enum class Stake { none, keeps, brings };
  virtual Stake stake() const { return Stake::none; }
  // That is to be looked back at; null: there is nothing of that kind.
  virtual const Ask* asked() const { return nullptr; }
  virtual void begun() {}
  virtual void told(Told) {}
  // One of the two, once.
  virtual void ended(const Ending& ending) = 0;
  virtual void refused(const berth::Error& why) = 0;
};

}  // namespace kernel
