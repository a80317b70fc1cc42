// A host's jails for one test, and what a program in one of them says.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "jail/jails.hpp"
#include "unit/service/folder.hpp"

namespace berth::jail::test {

struct Said {
  std::string output;
  End end;
};

class Seat {
 public:
  explicit Seat(std::set<std::string> without = {}) {
    auto made = Jails::make({m_folder.path() + "/jails", std::move(without)});
    if (!made) throw std::runtime_error(made.error().message);
    m_jails = std::move(*made);
  }

  Jails& jails() { return *m_jails; }
  const berth::test::Folder& folder() const { return m_folder; }
  bool has(const char* layer) const { return m_jails->isolation().has(layer); }

  static Options options(const std::string& name = "one") {
    Options all;
    all.name = name + "-" + std::to_string(::getpid());  // tests run beside each other
    return all;
  }
  std::unique_ptr<Jail> open(const Options& wanted = options()) {
    auto opened = m_jails->open(wanted);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

 private:
  berth::test::Folder m_folder;
  std::unique_ptr<Jails> m_jails;
};

inline Plan shell(const std::string& script) {
  Plan plan;
  plan.program = "/bin/sh";
  plan.arguments = {"sh", "-c", script};
  plan.environment = {"PATH=/usr/bin:/bin"};
  return plan;
}

inline Said say(Jail& jail, Plan plan) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const service::UniqueFd from(ends[0]);
  service::UniqueFd to(ends[1]);
  const service::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  plan.fds = {nothing.get(), to.get(), to.get()};
  const auto process = jail.spawn(plan);
  if (!process) throw std::runtime_error(process.error().message);
  to = service::UniqueFd();
  Said said;
  char piece[4096];
  for (ssize_t got; (got = ::read(from.get(), piece, sizeof piece)) > 0;)
    said.output.append(piece, static_cast<std::size_t>(got));
  said.end = *(*process)->wait();
  return said;
}

inline Said say(Jail& jail, const std::string& script) { return say(jail, shell(script)); }

}  // namespace berth::jail::test
