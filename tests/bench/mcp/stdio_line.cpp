// A message a line, to and from a program of its own, which ends with us.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "line.hpp"

namespace bench {

bool is_answer(const std::string& message, const std::string& id) {
  const auto at = message.find("\"id\":" + id);
  if (at == std::string::npos || message.find("\"result\":") == std::string::npos) return false;
  const char after = message[at + 5 + id.size()];
  return after == ',' || after == '}';
}

StdioLine::StdioLine(const std::vector<std::string>& words) {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");
  std::vector<char*> list;
  for (const auto& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  m_process = ::fork();
  if (m_process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    if (const int nothing = ::open("/dev/null", O_WRONLY); nothing >= 0) ::dup2(nothing, 2);
    ::execvp(list[0], list.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  m_in = in[1];
  m_out = out[0];
  if (m_process < 0) give_up("no process");
}

StdioLine::~StdioLine() {
  ::close(m_in);
  ::close(m_out);
  ::kill(m_process, SIGKILL);
  ::waitpid(m_process, nullptr, 0);
}

void StdioLine::send(const std::string&, const std::string& message, const std::string& id) {
  m_id = id;
  const std::string line = message + "\n";
  if (::write(m_in, line.data(), line.size()) != static_cast<ssize_t>(line.size())) give_up("cannot write");
}

bool StdioLine::take() {
  if (m_id.empty()) return true;
  char block[64 << 10];
  const auto got = ::read(m_out, block, sizeof block);
  if (got <= 0) give_up("the program has ended");
  m_held.append(block, static_cast<std::size_t>(got));
  for (auto end = m_held.find('\n'); end != std::string::npos; end = m_held.find('\n')) {
    std::string message = m_held.substr(0, end);
    m_held.erase(0, end + 1);
    if (!is_answer(message, m_id)) continue;  // a notification
    answered(std::move(message));
    return true;
  }
  return false;
}

}  // namespace bench
