// A checkpoint's process: a fork of a worker that waits between cells, with the namespace as it was then. Its forks are
// workers again.
#pragma once

#include <berth/fd.hpp>

#include <cstdint>
#include <functional>
#include <optional>

#include "forker.hpp"

namespace kernel {

class Frozen : public Forker {
 public:
  struct Size {
    std::uint64_t whole = 0;           // bytes that it has
    std::optional<std::uint64_t> own;  // those of them that nobody else has, if they were counted
  };
  using Measured = std::function<void(std::optional<Size>)>;
  using Look = std::function<void(Looked)>;

  // `about`: of the worker that it was; `look`: who counts what the session runs into.
  Frozen(Loop& loop, berth::Json about, Look look);
  ~Frozen() override { let_go(); }
  // `then`: when it has answered, or why it has not; `ended` if it ends after that.
  void begin(berth::Fd orders, const std::function<void(Size, const std::optional<berth::Error>&)>& then, Ended ended);
  void measure(Measured then);
  void look(Looked then) override { m_look(std::move(then)); }
  // Those who wait are told, and it stays: there is no other like it.
  void give_up(const std::string& why) override;

 private:
  void prove(pid_t sender);
  static Size size_in(const Answer& answer);
  const char* name() const override { return "the checkpoint"; }
  void let_go() override;
  berth::Error end_of(const std::string& what) const override;

  const Look m_look;
  berth::Fd m_handle;  // once it is proven whose it is
};

}  // namespace kernel
