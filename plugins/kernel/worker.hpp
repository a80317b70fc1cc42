// One worker, held by its five ends: the socket, two pipes, the lifeline and the handle. What it says is told in order
// and bounded; what it does to itself ends here.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "frames.hpp"
#include "loop.hpp"
#include "sequence.hpp"
#include "zygote.hpp"

namespace kernel {

class Worker : public std::enable_shared_from_this<Worker> {
 public:
  struct Ears {
    std::function<void(Told)> told = {};
    std::function<void(std::string why)> ended = {};  // once, after the last that was told; not after kill()
  };
  using Born = std::function<void(std::shared_ptr<Worker>, std::optional<berth::Error>)>;

  // All on the loop's thread. `then` is called once, when the worker is ready or cannot be.
  static void make(Loop& loop, const std::shared_ptr<Zygote>& zygote, berth::Json config, Born then);
  Worker(Loop& loop, std::shared_ptr<Zygote> zygote, const std::string& token);
  ~Worker();

  void listen(Ears ears) { m_ears = std::move(ears); }
  void send(const berth::Json& frame);
  bool interrupt();
  void kill();                         // at once; nothing is told any more
  void hold(bool held);                // whoever listens is slow: nothing is read
  pid_t pid() const { return m_pid; }  // as this process sees it
  bool over() const { return m_over; }

 private:
  void begin(berth::Json config, Born then);
  void forked(Zygote::Forked forked);
  void fail(const std::string& why);
  void hear(Told told);
  void pump();
  bool read_pipes(bool late);
  bool read_socket();
  void want();
  void flush();
  void again();
  void finish();
  void tell_end(int tries);
  void close();

  Loop& m_loop;
  const std::shared_ptr<Zygote> m_zygote;
  const std::string m_token;
  std::unique_ptr<Watched> m_socket, m_handle;
  std::array<std::unique_ptr<Watched>, 2> m_pipes;
  std::array<bool, 2> m_drained{true, true};
  berth::Fd m_life;
  FrameReader m_frames;
  Sequence m_sequence;
  Ears m_ears;
  Born m_born;
  std::string m_unsent, m_broken;
  pid_t m_pid = 0, m_speaker = 0;
  std::int64_t m_inner = 0;  // its pid as the zygote sees it
  bool m_ready = false, m_held = false, m_over = false, m_gone = false, m_writing = false;
  Timer m_patience;
};

}  // namespace kernel
