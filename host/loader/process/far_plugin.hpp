// A plugin in its own process, as the rest of the host sees it: a Provider like any other, whose calls travel over a
// link and come to an end even if the process does not.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>

#include "loader/desk/host_desk.hpp"
#include "loader/finder.hpp"
#include "loader/process/keeper.hpp"
#include "loader/provider.hpp"

namespace berth::loader {

class FarPlugin : public Provider, public std::enable_shared_from_this<FarPlugin> {
 public:
  // Without a desk it has no services that cross.
  FarPlugin(const Found& found, Keeper::Given given, ProcessRules rules, const Keeper::Around& around,
            std::shared_ptr<HostDesk> desk = {});
  ~FarPlugin() override;

  // `started` hears once, on the I/O thread, how it went.
  void start(std::function<void(std::optional<service::Error>)> started);
  void end(std::function<void()> ended = {}) { m_keeper->end(std::move(ended)); }
  Keeper& keeper() const { return *m_keeper; }

  const Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<Reply> reply) override;
  void message(std::shared_ptr<Reply> reply, Chunk chunk, std::function<void()> done) override;
  void drained(std::shared_ptr<Reply> reply) override;
  void cancel(std::shared_ptr<Reply> reply) override;
  std::optional<std::string> ailment() override { return m_keeper->ailment(); }
  std::size_t open_calls() const override { return m_open.size(); }
  std::vector<std::shared_ptr<Reply>> open() const override;
  void limit(std::uint64_t stream_buffer) { m_window = stream_buffer; }  // of calls that begin from now on

 private:
  struct Open {
    std::shared_ptr<Reply> reply;
    std::deque<std::function<void()>> messages;  // what to do when the process has handled them
    std::uint64_t owed = 0;                      // weight of chunks that the process was not told are gone
    bool full = false;                           // its client reads slowly: told when that is over
  };

  void on_frame(Frame frame);
  void on_note(Frame frame);
  void on_chunk(Open& open, Frame frame);
  void on_last(Frame frame);
  void pay(std::uint64_t call, Open& open);
  void down(const service::Error& why);

  const Manifest m_manifest;
  std::uint64_t m_window;
  std::shared_ptr<Keeper> m_keeper;
  const std::shared_ptr<HostDesk> m_desk;
  std::unordered_map<std::uint64_t, Open> m_open;
  std::uint64_t m_last_call = 0;
};

}  // namespace berth::loader
