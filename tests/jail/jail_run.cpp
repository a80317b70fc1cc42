// A jail from the command line, for the escape tests, the test of libberth-confine.so and whoever wants to look around
// in one. It says what is in force, as one line of JSON, runs a program inside, and says how that ended.
#include <sched.h>
#include <seccomp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "jail/jails.hpp"

using namespace berth;

namespace {

struct Wish {
  jail::Jails::Settings settings;
  jail::Options options;
  std::string folder;
  bool refuse_namespaces = false, ticket = false, stay = false;
  std::vector<std::string> command;
};

// As container engines do it by default.
bool refuse_namespaces() {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
  bool good = context != nullptr;
  const auto refuse = [&](int call, int error) {
    good = good && seccomp_rule_add(context, SCMP_ACT_ERRNO(error), call, 0) == 0;
  };
  for (const int call :
       {SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount), SCMP_SYS(open_tree), SCMP_SYS(move_mount)})
    refuse(call, EPERM);
  refuse(435, ENOSYS);  // clone3
  for (const scmp_datum_t flag :
       {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP})
    good = good && seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                    SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag)) == 0;
  seccomp_attr_set(context, SCMP_FLTATR_CTL_NNP, ::geteuid() == 0 ? 0 : 1);
  good = good && seccomp_load(context) == 0;
  seccomp_release(context);
  return good;
}

int use(const char* program) {
  std::cerr << "usage: " << program
            << " [--without LAYER,…] [--no-namespaces] [--network none|loopback|proxy] [--memory N] [--name X]\n"
            << "       [--ticket] FOLDER PROGRAM …\n  --ticket: the program runs outside, with BERTH_TICKET\n";
  return 2;
}

bool read_options(Wish& wish, int count, char** with) {
  int i = 1;
  for (; i < count && std::string_view(with[i]).starts_with("--"); ++i) {
    const std::string_view option = with[i];
    if (option == "--no-namespaces")
      wish.refuse_namespaces = true;
    else if (option == "--ticket")
      wish.ticket = true;
    else if (i + 1 == count)
      return false;
    else if (option == "--name")
      wish.options.name = with[++i];
    else if (option == "--memory")
      wish.options.limits.memory = std::strtoull(with[++i], nullptr, 10);
    else if (option == "--network") {
      const std::string_view network = with[++i];
      wish.options.network = network == "proxy"      ? jail::Network::proxy
                             : network == "loopback" ? jail::Network::loopback
                                                     : jail::Network::none;
    } else if (option == "--without") {
      std::istringstream in(with[++i]);
      for (std::string one; std::getline(in, one, ',');) wish.settings.without.insert(one);
    } else
      return false;
  }
  if (count - i < 2) return false;
  wish.folder = with[i];
  wish.command.assign(with + i + 1, with + count);
  return true;
}

// The folders of a workspace; what the agent writes belongs to it.
void make_workspace(const std::string& folder, uid_t agent) {
  for (const char* name :
       {"/workspace", "/workspace/upload", "/workspace/output", "/workspace/deploy", "/workspace/.store"}) {
    std::filesystem::create_directories(folder + name);
    const std::string_view own = name;
    if ((own.ends_with("output") || own.ends_with("deploy")) && ::geteuid() == 0 &&
        ::chown((folder + name).c_str(), agent, agent) != 0)
      std::perror("chown");
  }
}

int run_inside(jail::Jail& jail, const Wish& wish) {
  jail::Plan plan;
  plan.program = wish.command[0];
  plan.arguments = wish.command;
  plan.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + jail.place("/tmp"), "TMPDIR=" + jail.place("/tmp"),
                      "LANG=C.UTF-8", "WORKSPACE=" + jail.place("/workspace")};
  if (const char* facts = std::getenv("FACTS")) plan.environment.push_back(std::string("FACTS=") + facts);
  plan.folder = jail.place("/workspace");
  plan.fds = {0, 1, 2};
  const auto process = jail.spawn(plan);
  if (!process) {
    std::cerr << process.error().message << "\n";
    return 125;
  }
  const auto end = (*process)->wait();
  std::cerr << end->words << "\n";
  return end->signal != 0 ? 128 + end->signal : end->code;
}

int run_with_ticket(const jail::Jail& jail, const Wish& wish) {
  std::string numbers;
  for (const int fd : jail.ticket()) {
    const int copy = fd < 0 ? -1 : ::dup(fd);
    numbers += (numbers.empty() ? "" : ",") + std::to_string(copy);
  }
  ::setenv("BERTH_TICKET", numbers.c_str(), 1);
  std::vector<char*> words;
  for (const auto& word : wish.command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int count, char** with) {
  Wish wish;
  wish.options.name = "escape";
  if (!read_options(wish, count, with)) return use(with[0]);
  if (wish.refuse_namespaces && !refuse_namespaces()) return 125;
  wish.settings.folder = wish.folder + "/jails-" + wish.options.name;
  auto jails = jail::Jails::make(wish.settings);
  if (!jails) {
    std::cerr << jails.error().message << "\n";
    return 125;
  }
  wish.options.user = (*jails)->take_user() + (wish.options.name == "other" ? 2 : 0);
  const uid_t agent = *wish.options.user;
  make_workspace(wish.folder, agent);
  wish.options.mounts = jail::workspace_mounts(wish.folder + "/workspace", {"/mnt/alias"});
  std::cerr << (*jails)->isolation().json().dump() << std::endl;
  auto opened = (*jails)->open(wish.options);
  if (!opened) {
    std::cerr << opened.error().message << "\n";
    return 125;
  }
  const int code = wish.ticket ? run_with_ticket(**opened, wish) : run_inside(**opened, wish);
  if (const auto left = (*opened)->close()) {
    std::cerr << left->message << "\n";
    return 124;
  }
  return code;
}
