// What a tab's pages have asked the network for, and what they were answered: the last of it, within bounds. Bodies
// are not kept here; the browser keeps some for a while.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "cdp.hpp"
#include "patience.hpp"

namespace browser {

struct Exchange {
  std::uint64_t number = 0;
  std::string id, session;  // the browser's
  std::string method, url, type, post;
  Json asked, answered;  // header fields, by name
  int status = 0;
  std::string status_text, mime, protocol, remote, error;
  double wall = 0, begun = 0, ended = 0;  // seconds, the first since 1970
  double received = 0;                    // bytes on the wire
  bool done = false, cached = false;
  Json timing;
  std::size_t bytes = 0;  // that it takes here
};

class Traffic {
 public:
  static constexpr std::size_t most = 1000, most_bytes = 8u << 20;

  void event(const std::string& session, const std::string& method, const Json& params);  // Network.*
  const std::deque<std::shared_ptr<Exchange>>& all() const { return m_all; }
  std::shared_ptr<const Exchange> find(std::uint64_t number) const;
  std::uint64_t begun() const { return m_last; }  // in all
  // That frame has its page: the end of it is not always told.
  void settled(const std::string& frame);
  // The renderer of that session is gone: of what was under way there nothing is told any more.
  void lost(const std::string& session);
  // Nothing is under way, and has not been for so long; what stays open on purpose does not count.
  bool quiet(std::chrono::milliseconds time) const;

 private:
  void begin(const std::string& session, const Json& params);
  void answer(Exchange& one, const Json& response);
  void end(const std::string& id, double at);
  void weigh(Exchange& one);
  std::shared_ptr<Exchange> under(const Json& params) const;

  std::deque<std::shared_ptr<Exchange>> m_all;
  std::map<std::string, std::shared_ptr<Exchange>> m_open;  // of those, by the browser's name
  struct UnderWay {
    std::string session, frame;  // the frame of those that are its page
  };
  std::unordered_map<std::string, UnderWay> m_under_way;  // of all
  std::uint64_t m_last = 0;
  std::size_t m_bytes = 0;
  Patience::Clock::time_point m_moved{};
};

// One of these as HAR 1.2 has it, without its body.
Json har_entry(const Exchange& one);
// All that a HAR is. `bodies`: what is known of them, by number: {text, base64}.
Json har_of(const Traffic& traffic, const std::map<std::uint64_t, Json>& bodies, const std::string& version);

}  // namespace browser
