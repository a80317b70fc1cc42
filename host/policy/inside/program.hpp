// The program of the policies' process: it holds all scripts, answers the host's questions one after the other, and
// ends when the host is gone.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/inside/script.hpp"
#include "service/lookout.hpp"
#include "service/unique_fd.hpp"

namespace berth::policy {

class Program {
 public:
  // `layers`: that confine this process, for the host to hear.
  Program(service::UniqueFd socket, Where& where, std::vector<std::string> layers)
      : m_socket(std::move(socket)), m_where(where), m_layers(std::move(layers)) {}
  void run();  // until the host is gone

 private:
  ssize_t next(char* to, std::size_t size);
  void hear(std::string_view frame);
  void load(std::string_view frame, bool testing);
  void keep(std::vector<Kept> all);
  void ask(std::string_view frame);
  void resume(std::string_view frame);
  void go_on(std::unique_ptr<Work> work);
  bool step(Work& work);
  void drop(std::uint64_t id);
  void forget(const std::string& session);
  void say(const std::string& frame);
  Script* at(std::uint64_t script) { return script < m_scripts.size() ? m_scripts[script].get() : nullptr; }

  const service::UniqueFd m_socket;
  Where& m_where;
  const std::vector<std::string> m_layers;
  bool m_gone = false;                                         // the host
  service::Lookout m_lookout{std::chrono::microseconds(500)};  // for the next question
  std::vector<std::unique_ptr<Script>> m_scripts;
  std::map<std::uint64_t, std::unique_ptr<Work>> m_waiting;
};

}  // namespace berth::policy
