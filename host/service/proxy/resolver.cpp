// getaddrinfo on threads of its own, so that slow name servers hold up nothing else of the host; a few at once for each
// who asks.
#include "service/proxy/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <deque>
#include <map>
#include <utility>

#include "service/pool.hpp"

namespace berth::service::proxy {

namespace {

constexpr std::size_t threads = 32, waiting = 256, most_of_one = 4;
constexpr std::size_t many = 64;  // in a line: time to look for those that nobody waits for any more
using Addresses = std::vector<Address>;

// The C library keeps these for each thread. Patience is short, whatever /etc/resolv.conf says.
void set_up_thread() {
  ::res_init();
  _res.retrans = 2;
  _res.retry = 2;
  _res.options &= ~static_cast<unsigned long>(RES_DEFNAMES | RES_DNSRCH);
}

Result<Addresses> look_up(const std::string& name) {
  set_up_thread();
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  const int failed = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (failed == EAI_AGAIN)
    return Error{504, "name_server_silent", "the name servers did not answer for " + name, "try again in a moment"};
  if (failed != 0) return Error{502, "no_such_host", "there is no host " + name + ": " + ::gai_strerror(failed), ""};
  Addresses all;
  for (const addrinfo* one = found; one; one = one->ai_next) {
    boost::asio::ip::tcp::endpoint end;
    if (one->ai_addrlen > end.capacity()) continue;
    std::memcpy(end.data(), one->ai_addr, one->ai_addrlen);
    all.push_back(end.address());
  }
  ::freeaddrinfo(found);
  return all;
}

struct Lookup {
  std::string who, name;
  Resolver::Then then;
};

}  // namespace

struct SystemResolver::Body : std::enable_shared_from_this<Body> {
  explicit Body(EventLoop& on) : loop(on) {}

  // Those of one who asks.
  struct Line {
    std::size_t running = 0;
    std::deque<std::weak_ptr<Lookup>> lookups;
  };
  void begin(const std::string& who);
  bool run(const std::shared_ptr<Lookup>& lookup);
  void on_found(const std::string& who, const std::weak_ptr<Lookup>& asked, Result<Addresses> found);

  EventLoop& loop;
  std::map<std::string, Line> lines;
  Pool pool{{threads, waiting}};
};

SystemResolver::SystemResolver(EventLoop& loop) : m_body(std::make_shared<Body>(loop)) {}
SystemResolver::~SystemResolver() { m_body->pool.end(); }

std::shared_ptr<void> SystemResolver::resolve(const std::string& who, const std::string& name, Then then) {
  auto lookup = std::make_shared<Lookup>(Lookup{who, name, std::move(then)});
  auto& lookups = m_body->lines[who].lookups;
  if (lookups.size() >= many) std::erase_if(lookups, [](const auto& one) { return one.expired(); });
  lookups.push_back(lookup);
  m_body->begin(who);
  return lookup;
}

void SystemResolver::Body::begin(const std::string& who) {
  Line& line = lines[who];
  while (line.running < most_of_one && !line.lookups.empty()) {
    const auto lookup = line.lookups.front().lock();
    line.lookups.pop_front();
    if (lookup && run(lookup)) ++line.running;
  }
  if (line.running == 0) lines.erase(who);
}

bool SystemResolver::Body::run(const std::shared_ptr<Lookup>& lookup) {
  const std::weak_ptr<Lookup> asked = lookup;
  const std::weak_ptr<Body> self = weak_from_this();
  const auto answer = [self, asked, who = lookup->who, &on = loop](Result<Addresses> found) {
    on.post([self, asked, who, found = std::move(found)] {
      if (const auto body = self.lock()) body->on_found(who, asked, found);
    });
  };
  if (pool.run([answer, asked, name = lookup->name] {
        answer(asked.expired() ? Result<Addresses>(Addresses()) : look_up(name));
      }))
    return true;
  loop.post([asked] {
    const auto refused = asked.lock();
    if (refused) refused->then(Error{503, "busy", "too many names are being looked up", "try again in a moment"});
  });
  return false;
}

void SystemResolver::Body::on_found(const std::string& who, const std::weak_ptr<Lookup>& asked,
                                    Result<Addresses> found) {
  --lines[who].running;
  begin(who);
  if (const auto lookup = asked.lock()) lookup->then(std::move(found));
}

}  // namespace berth::service::proxy
