// Both ways give the same. Addresses are in the network's order in both, in words of 32 bits in the text.
#include "sockets.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <berth/fd.hpp>

#include <cerrno>
#include <cstring>

namespace machine {

namespace {

constexpr std::size_t most_sockets = 100'000, most_text = 32u << 20;  // which has room for more than so many
constexpr const char* tcp_states[] = {"unknown",    "established", "syn_sent",    "syn_received", "fin_wait_1",
                                      "fin_wait_2", "time_wait",   "closed",      "close_wait",   "last_ack",
                                      "listening",  "closing",     "syn_received"};

std::string address_text(const void* bytes, bool six) {
  char text[INET6_ADDRSTRLEN] = {};
  return ::inet_ntop(six ? AF_INET6 : AF_INET, bytes, text, sizeof text) != nullptr ? text : std::string();
}

// "0100007F:1F90"
std::optional<Endpoint> endpoint_of(std::string_view text, bool six) {
  const std::size_t digits = six ? 32 : 8;
  if (text.size() != digits + 5 || text[digits] != ':') return std::nullopt;
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < digits / 8; ++i) {
    const auto word = number_of<std::uint32_t>(text.substr(8 * i, 8), 16);
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  const auto port = number_of<std::uint16_t>(text.substr(digits + 1), 16);
  if (!port) return std::nullopt;
  return Endpoint{address_text(words.data(), six), *port};
}

Socket of_message(const inet_diag_msg& message, bool tcp) {
  Socket socket;
  socket.tcp = tcp;
  socket.six = message.idiag_family == AF_INET6;
  socket.local = {address_text(message.id.idiag_src, socket.six), ntohs(message.id.idiag_sport)};
  socket.remote = {address_text(message.id.idiag_dst, socket.six), ntohs(message.id.idiag_dport)};
  socket.state = message.idiag_state;
  socket.to_read = message.idiag_rqueue;
  socket.to_send = message.idiag_wqueue;
  socket.user = message.idiag_uid;
  socket.inode = message.idiag_inode;
  return socket;
}

bool ask_diag(int netlink, bool tcp, bool six) {
  struct {
    nlmsghdr head;
    inet_diag_req_v2 wanted;
  } request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.wanted.sdiag_family = six ? AF_INET6 : AF_INET;
  request.wanted.sdiag_protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
  request.wanted.idiag_states = 0x1ffe;  // those with names here: newer kernels tell what is merely bound, too
  return ::send(netlink, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

std::optional<std::vector<Socket>> by_diag(bool tcp, bool six, bool& cut) {
  const berth::Fd netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  const timeval patience{2, 0};
  if (!netlink || ::setsockopt(netlink.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
      !ask_diag(netlink.get(), tcp, six))
    return std::nullopt;
  std::vector<Socket> found;
  std::vector<char> room(64u << 10);
  while (found.size() <= most_sockets) {
    const ssize_t got = ::recv(netlink.get(), room.data(), room.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    const auto last = read_diag({room.data(), static_cast<std::size_t>(got)}, tcp, found);
    if (!last) return std::nullopt;
    if (*last) break;
  }
  cut = found.size() > most_sockets;
  if (cut) found.resize(most_sockets);
  return found;
}

}  // namespace

std::string state_name(unsigned state) { return tcp_states[state < std::size(tcp_states) ? state : 0]; }

std::vector<Socket> sockets_of(std::string_view table, bool tcp, bool six, bool* cut) {
  std::vector<Socket> found;
  for (const auto line : lines_of(table)) {
    // sl local remote state send:receive timer:when retransmits user timeout inode
    const auto words = words_of(line);
    if (words.size() < 10) continue;
    if (found.size() == most_sockets) {
      if (cut) *cut = true;
      break;
    }
    const auto local = endpoint_of(words[1], six), remote = endpoint_of(words[2], six);
    const auto state = number_of<unsigned>(words[3], 16);
    const auto colon = words[4].find(':');
    if (!local || !remote || !state || colon == std::string_view::npos) continue;
    Socket socket;
    socket.tcp = tcp;
    socket.six = six;
    socket.local = *local;
    socket.remote = *remote;
    socket.state = *state;
    socket.to_send = number_of<std::uint64_t>(words[4].substr(0, colon), 16).value_or(0);
    socket.to_read = number_of<std::uint64_t>(words[4].substr(colon + 1), 16).value_or(0);
    socket.user = number_of<unsigned>(words[7]).value_or(0);
    socket.inode = number_of<std::uint64_t>(words[9]).value_or(0);
    found.push_back(std::move(socket));
  }
  return found;
}

std::optional<bool> read_diag(std::string_view bytes, bool tcp, std::vector<Socket>& into) {
  while (bytes.size() >= sizeof(nlmsghdr)) {
    nlmsghdr head;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > bytes.size()) return std::nullopt;
    if (head.nlmsg_type == NLMSG_DONE) return true;
    if (head.nlmsg_type == NLMSG_ERROR) return std::nullopt;
    if (head.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
      if (head.nlmsg_len < NLMSG_HDRLEN + sizeof(inet_diag_msg)) return std::nullopt;
      inet_diag_msg message;
      std::memcpy(&message, bytes.data() + NLMSG_HDRLEN, sizeof message);
      into.push_back(of_message(message, tcp));
    }
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), NLMSG_ALIGN(head.nlmsg_len)));
  }
  return false;
}

std::vector<Socket> all_sockets(const Trees& trees, bool* cut) {
  std::vector<Socket> all;
  for (const bool tcp : {true, false}) {
    for (const bool six : {false, true}) {
      const std::string file = std::string("self/net/") + (tcp ? "tcp" : "udp") + (six ? "6" : "");
      bool more = false;
      auto found = by_diag(tcp, six, more);
      if (!found) more = false;  // of an answer that broke off
      if (!found) found = sockets_of(trees.proc.text(file, most_text).value_or(""), tcp, six, &more);
      if (cut && more) *cut = true;
      all.insert(all.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
    }
  }
  return all;
}

}  // namespace machine
