// Exact but for the one star; a name is never compared with an address.
#include "service/proxy/allow_list.hpp"

#include <algorithm>

namespace berth::service::proxy {

namespace {

constexpr std::size_t most_shown = 8;

Error wrong_entry(std::string message, std::string hint) {
  return {422, "bad_entry", std::move(message), std::move(hint)};
}

std::optional<Error> closed_entry(const AllowList::Entry& entry) {
  if (entry.own) {
    if (entry.what.address && entry.what.address->is_loopback() && entry.what.port) return std::nullopt;
    return wrong_entry(entry.what.text() + " is no service of this machine's",
                       "own = true wants a loopback address and a port: \"127.0.0.1:8080\"");
  }
  const Range* range = entry.what.address ? closed_range(*entry.what.address) : nullptr;
  if (!range || (range->may_be_allowed && entry.inside)) return std::nullopt;
  const std::string message = entry.what.host + " is in " + range->cidr + ", " + range->what;
  if (range->may_be_allowed) return wrong_entry(message, "to allow it all the same: private = true");
  if (entry.what.address->is_loopback())
    return wrong_entry(message + ", and never allowed as a whole",
                       "a service of it can be: its address and port, with own = true");
  return wrong_entry(message + ", and never allowed", "the proxy leads out of this machine only");
}

}  // namespace

Result<AllowList::Entry> AllowList::parse(std::string_view text, bool inside, bool own) {
  Entry entry;
  entry.inside = inside;
  entry.own = own;
  entry.below = text == "*" || text.starts_with("*:") || text.starts_with("*.");
  // The star alone is a name of no letters; a placeholder of one lets the port be read.
  const bool any = entry.below && !text.starts_with("*.");
  const auto what =
      parse_authority(any ? "any" + std::string(text.substr(1)) : std::string(text.substr(entry.below * 2)));
  if (!what)
    return wrong_entry(
        "\"" + std::string(text.substr(0, 300)) + "\" is no entry of an allow-list: " + what.error().message,
        text.find("//") != text.npos ? "write the name alone, without http:// and path" : what.error().hint);
  entry.what = *what;
  if (any) entry.what.host.clear();
  if (entry.below && entry.what.address) return wrong_entry(std::string(text) + ": a star goes with names only", "");
  if (auto closed = closed_entry(entry)) return *closed;
  return entry;
}

bool AllowList::Entry::fits(const Authority& host, bool with_port, std::uint16_t port) const {
  if (with_port && (what.port ? port != *what.port : port != 80 && port != 443)) return false;
  if (what.address || host.address) return what.address == host.address;
  if (!below) return host.host == what.host;
  return what.host.empty() || host.host.ends_with("." + what.host);
}

std::string AllowList::Entry::text() const {
  return (below ? what.host.empty() ? "*" : "*." : "") + what.text() +
         (inside ? " (private, too)"
          : own  ? " (of this machine)"
                 : "");
}

Result<AllowList::Permit> AllowList::check(const Authority& host, std::uint16_t port) const {
  bool fits = false, elsewhere = false;
  Permit permit;
  for (const Entry& entry : m_entries) {
    const bool here = entry.fits(host, true, port);
    fits |= here;
    elsewhere |= entry.fits(host, false, port);
    permit.inside |= here && entry.inside;
    permit.own |= here && entry.own;
  }
  if (fits) return permit;
  const std::string hint =
      "allowed here: " + text() + "; the operator decides: sessions { network = \"proxy\", allow = { … } }";
  if (elsewhere)
    return Error{403, "port_not_allowed",
                 "port " + std::to_string(port) + " of " + host.host + " is not on the allow-list", hint};
  return Error{403, "not_allowed", host.host + " is not on the allow-list", hint};
}

std::string AllowList::text() const {
  if (m_entries.empty()) return "nothing";
  std::string all;
  for (std::size_t i = 0; i < std::min(m_entries.size(), most_shown); ++i)
    all += (i == 0 ? "" : ", ") + m_entries[i].text();
  if (m_entries.size() > most_shown) all += " and " + std::to_string(m_entries.size() - most_shown) + " more";
  return all;
}

}  // namespace berth::service::proxy
