// Which signals a background process can be sent: the schema lists them, and the handler looks them up.
#pragma once

#include <csignal>
#include <map>
#include <string>

namespace shell {

inline const std::map<std::string, int>& signals() {
  static const std::map<std::string, int> all{{"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT},
                                              {"KILL", SIGKILL}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2},
                                              {"TERM", SIGTERM}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}};
  return all;
}

}  // namespace shell
