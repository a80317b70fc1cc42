// Where a jail may go: names, patterns of names and single addresses, each with its port.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"
#include "service/proxy/authority.hpp"

namespace berth::service::proxy {

class AllowList {
 public:
  struct Entry {
    Authority what;       // without a stated port: 80 and 443
    bool below = false;   // "*.example.org": whatever ends in that, but not the name itself; "*": any name
    bool inside = false;  // private = true: may lead to a private network
    bool own = false;     // own = true: a service of this machine's, by its address and port
    bool operator==(const Entry&) const = default;
    bool fits(const Authority& host, bool with_port, std::uint16_t port) const;
    std::string text() const;
  };
  struct Permit {
    bool inside = false;
    bool own = false;
  };

  // "example.org", "*.example.org:8080", "192.0.2.1", "[2001:db8::1]:443". An address that nobody is connected to is
  // an error here already.
  static Result<Entry> parse(std::string_view text, bool inside = false, bool own = false);
  void add(Entry entry) { m_entries.push_back(std::move(entry)); }

  Result<Permit> check(const Authority& host, std::uint16_t port) const;  // not_allowed, port_not_allowed
  bool operator==(const AllowList&) const = default;
  std::string text() const;  // "example.org, *.books.example:443 and 4 more"

 private:
  std::vector<Entry> m_entries;
};

}  // namespace berth::service::proxy
