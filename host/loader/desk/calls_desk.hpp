// The calls that one plugin has open: with whose rights, for which call of its own, and cancelled with it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "loader/desk/caller.hpp"
#include "loader/services/grants.hpp"
#include "loader/services/note.hpp"

namespace berth::loader {

class CallsDesk {
 public:
  CallsDesk(Caller& caller, std::string plugin, Rights rights, std::function<void(Note)> tell)
      : m_caller(caller), m_plugin(std::move(plugin)), m_rights(std::move(rights)), m_tell(std::move(tell)) {}

  // For a call, for whom a job goes on, or neither: on the plugin's own behalf.
  void start(Note note, const std::shared_ptr<Reply>& call, const std::shared_ptr<const session::Asker>& job);
  static std::uint64_t job_of(const Note& note);  // of one that starts; 0: none
  void taken(const Note& note);
  void cancel(std::uint64_t number);
  void cancel_for(const Reply& call);  // that call is cancelled
  void cancel_for_job(std::uint64_t job);
  void reset();

 private:
  class Ears;
  struct Open {
    std::shared_ptr<Caller::Call> call;  // null while it starts
    std::weak_ptr<Reply> within;         // the call that it is made for
    std::uint64_t job = 0;
    std::shared_ptr<Ears> ears;
  };
  struct Wanted;
  std::shared_ptr<session::Asker> asker_for(const Wanted& wanted, const session::Asker* whose) const;
  std::shared_ptr<session::Asker> granted(const Wanted& wanted, const session::Asker* whose) const;
  void refuse(std::uint64_t number, const service::Error& error);
  template <class Which>
  void cancel_those(Which which, const char* why);

  Caller& m_caller;
  const std::string m_plugin;
  const Rights m_rights;
  const std::function<void(Note)> m_tell;
  std::map<std::uint64_t, Open> m_open;
};

}  // namespace berth::loader
