// A worker that a zygote or a checkpoint forked, held by its five ends: the socket, two pipes, the lifeline and the
// handle. What it says is told in order and bounded; what it does to itself ends here.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frames.hpp"
#include "loop.hpp"
#include "sequence.hpp"
#include "tail.hpp"
#include "worker.hpp"
#include "forker.hpp"

namespace kernel {

class ForkedWorker : public Worker, public std::enable_shared_from_this<ForkedWorker> {
 public:
  // All on the loop's thread. `then` is called once, when the worker is ready or cannot be.
  static void make(Loop& loop, const std::shared_ptr<Forker>& forker, berth::Json config, Born then);
  ForkedWorker(Loop& loop, std::shared_ptr<Forker> forker, const std::string& token);
  ~ForkedWorker() override;

  void listen(Ears ears) override { m_ears = std::move(ears); }
  void send(const berth::Json& frame, std::vector<berth::Fd> files) override;
  bool interrupt() override;
  void kill() override;
  void hold(bool held) override;
  pid_t pid() const override { return m_pid; }
  bool over() const override { return m_over; }
  berth::Json about() const override { return m_forker->about(); }
  berth::Json debug() const override { return {}; }

 private:
  void begin(berth::Json config, Born then);
  void forked(Forker::Forked forked);
  void fail(const std::string& why, const std::string& hint = {});
  void hear(Told told);
  void pump();
  bool read_pipes(bool late);
  bool read_socket();
  void want();
  void flush();
  void again();
  void finish();
  void tell_end(int tries);
  void look();
  void look_after(const std::string& words);
  void tell(const std::string& why);
  void close();

  Loop& m_loop;
  const std::shared_ptr<Forker> m_forker;
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
  std::vector<berth::Fd> m_files;       // that go with what is unsent
  Tail m_tail;                          // of what it printed before it was ready
  std::optional<berth::Hits> m_before;  // of the session's limits, when it was last looked
  std::uint64_t m_looks = 0;            // the last one's answer counts
  std::chrono::steady_clock::time_point m_looked;
  pid_t m_pid = 0, m_speaker = 0;
  std::int64_t m_inner = 0;  // its pid as the forker sees it
  bool m_ready = false, m_held = false, m_over = false, m_gone = false, m_writing = false;
  bool m_asked = false;  // something that it has not answered yet
  Timer m_patience;
};

}  // namespace kernel
