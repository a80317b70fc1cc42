// A socket's process is found by its number in some /proc/PID/fd, which only its owner and root can look into.
#include "connections.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "paging.hpp"
#include "task_text.hpp"
#include "users.hpp"

namespace machine {

using berth::Json;

namespace {

constexpr unsigned closed = 7, listening = 10;
constexpr std::size_t most_files = 500'000;

struct Owner {
  std::int64_t pid = 0;
  std::string name;
};

class Owners {
 public:
  Owners(const Trees& trees, const std::vector<Socket>& of) {
    for (const auto& one : of) {
      if (one.inode != 0) m_owners.emplace(one.inode, Owner{});
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    std::size_t looked = 0;
    for (const auto& pid : trees.proc.names("")) {
      const auto number = number_of<std::int64_t>(pid);
      if (!number || m_owners.empty()) continue;
      if (looked > most_files || std::chrono::steady_clock::now() > end) {
        m_whole = false;
        break;
      }
      looked += look(trees, *number);
    }
  }
  const Owner* of(const Socket& socket) const {
    const auto at = m_owners.find(socket.inode);
    return at == m_owners.end() || at->second.pid == 0 ? nullptr : &at->second;
  }
  bool whole() const { return m_whole; }

 private:
  std::size_t look(const Trees& trees, std::int64_t pid) {
    const std::string folder = std::to_string(pid) + "/fd";
    const auto files = trees.proc.names(folder);
    for (const auto& file : files) {
      const auto target = trees.proc.link(folder + "/" + file).value_or("");
      if (target.substr(0, 8) != "socket:[" || target.back() != ']') continue;
      const auto inode = number_of<std::uint64_t>(std::string_view(target).substr(8, target.size() - 9));
      const auto at = inode ? m_owners.find(*inode) : m_owners.end();
      if (at == m_owners.end() || at->second.pid != 0) continue;
      at->second.pid = pid;
      at->second.name = trees.proc.line(std::to_string(pid) + "/comm");
    }
    return files.size() + 1;
  }
  std::unordered_map<std::uint64_t, Owner> m_owners;
  bool m_whole = true;
};

Json told(const Endpoint& end) { return {{"address", end.address}, {"port", end.port}}; }

Json told(const Socket& socket, const Users& users, const Owners& owners) {
  Json one{{"protocol", socket.tcp ? "tcp" : "udp"},
           {"family", socket.six ? "ipv6" : "ipv4"},
           {"local", told(socket.local)},
           {"user", users.name_of(socket.user)}};
  if (!is_listening(socket)) {
    one["remote"] = told(socket.remote);
    one["state"] = state_name(socket.state);
    one["receive_queue"] = socket.to_read;
    one["send_queue"] = socket.to_send;
  }
  if (const auto* owner = owners.of(socket)) one["process"] = {{"pid", owner->pid}, {"name", owner->name}};
  return one;
}

Json told(const Trees& trees, std::vector<Socket> all, bool cut, const char* what, const Json& input) {
  const std::string protocol = input.value("protocol", "any");
  const unsigned port = input.value("port", 0u);
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Socket& one) {
                             if (port != 0 && one.local.port != port && one.remote.port != port) return true;
                             return protocol != "any" && (protocol == "tcp") != one.tcp;
                           }),
            all.end());
  const auto key = [](const Socket& one) {
    return std::tuple(!one.tcp, one.local.port, one.six, one.local.address, one.remote.address, one.remote.port);
  };
  std::sort(all.begin(), all.end(), [&key](const Socket& a, const Socket& b) { return key(a) < key(b); });
  const Page page(input, all.size(), 100);
  all = {all.begin() + static_cast<std::ptrdiff_t>(page.begin), all.begin() + static_cast<std::ptrdiff_t>(page.end)};
  const Users users(trees.root.text("etc/passwd").value_or(""));
  const Owners owners(trees, all);
  Json answer = page.answer(what, cut);
  answer["owners_whole"] = owners.whole();
  for (const auto& one : all) answer[what].push_back(told(one, users, owners));
  return answer;
}

}  // namespace

bool is_listening(const Socket& socket) {
  return socket.tcp ? socket.state == listening : socket.state == closed && socket.remote.port == 0;
}

Json tell_connections(const Trees& trees, const Json& input) {
  bool cut = false;
  auto all = all_sockets(trees, &cut);
  const std::string state = input.value("state", "");
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&state](const Socket& one) {
                             return is_listening(one) || (!state.empty() && state_name(one.state) != state);
                           }),
            all.end());
  return told(trees, std::move(all), cut, "connections", input);
}

Json tell_ports(const Trees& trees, const Json& input) {
  bool cut = false;
  auto all = all_sockets(trees, &cut);
  all.erase(std::remove_if(all.begin(), all.end(), [](const Socket& one) { return !is_listening(one); }), all.end());
  return told(trees, std::move(all), cut, "ports", input);
}

}  // namespace machine
