// The sessions of clients up to 2025-11-25: what they agreed on, what runs for them, what they were asked, and streams
// that they may come back to.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "run.hpp"

namespace mcp {

class Session {
 public:
  using Clock = std::chrono::steady_clock;
  Session(std::string id, Owner owner, Client client)
      : m_id(std::move(id)), m_owner(std::move(owner)), m_client(std::move(client)) {}

  const std::string& id() const { return m_id; }
  const Owner& owner() const { return m_owner; }
  Client& client() { return m_client; }

  Stream::Style style();  // of another stream of it
  void keep(const std::shared_ptr<Stream>& stream);
  // Where an event's id was given, and how much of it is known then.
  std::shared_ptr<Stream> find_stream(std::string_view event_id, std::uint64_t& after) const;
  // What is of no request goes there; null if its client listens to none.
  std::shared_ptr<Stream> listening;

  void begin(const Json& id, const std::shared_ptr<Run>& run);
  void end(const Run& run);
  std::shared_ptr<Run> running(const Json& id) const;
  std::size_t runs() const { return m_runs.size(); }
  bool busy() const;                                     // its client is there
  void drop_abandoned(Stream::Clock::time_point since);  // what runs for a client that has been away since then

  // A request to its client, on the stream of the run that wants to know.
  void ask(const std::shared_ptr<Run>& run, const std::string& key, const Json& request);
  // False: nothing was asked under that id.
  bool responded(const berth::Call& call, const Message& response);

  void close();                   // ends all of it but tasks
  std::set<std::string> watched;  // URIs that it subscribed to
  Clock::time_point used = Clock::now();

 private:
  struct Pending {
    std::weak_ptr<Run> run;
    std::string key;
    std::uint64_t posed = 0;  // which of its questions
  };
  void drop_pending(const Run& run, std::uint64_t but);  // of its questions

  const std::string m_id;
  const Owner m_owner;
  Client m_client;
  std::uint64_t m_last_stream = 0, m_last_ask = 0;
  std::deque<std::shared_ptr<Stream>> m_streams;
  std::map<std::string, std::shared_ptr<Run>> m_runs;  // by their requests' ids, as text
  std::map<std::string, Pending> m_pending;
};

// All of them, and no more than so many.
class Sessions {
 public:
  std::shared_ptr<Session> make(const Owner& owner, Client client);
  std::shared_ptr<Session> find(std::string_view id, const Owner& owner);
  void remove(std::shared_ptr<Session> session);  // by value: it may be the last to hold it
  void expire(std::chrono::seconds away);         // what is abandoned, and those that nobody has used for long
  void close();
  const std::map<std::string, std::shared_ptr<Session>, std::less<>>& all() const { return m_all; }

 private:
  std::map<std::string, std::shared_ptr<Session>, std::less<>> m_all;
};

std::string random_name();  // 32 digits that nobody guesses

}  // namespace mcp
