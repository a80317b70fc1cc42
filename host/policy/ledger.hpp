// What policies keep (berth.state) and what they have charged, for each session: in memory, and in a journal that
// outlives the host. A line of it is what one answer changed: all of it, or nothing. I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/accounts.hpp"
#include "policy/journal.hpp"
#include "service/error.hpp"

namespace berth::policy {

class Ledger {
 public:
  struct Change {
    std::string policy, key;
    std::string value;  // JSON; empty: it is gone
  };
  struct Entry {
    std::string session, policy, key, value;
  };

  explicit Ledger(Journal::Around around) : m_journal(std::move(around)) {}
  // Reads the journal in `folder`, which is made if it is not there, and writes it anew without what is outdated.
  std::optional<service::Error> open(const std::string& folder);
  // It is in the file when this returns; an Error: it is in memory only, or nowhere if all of it is too much.
  std::optional<service::Error> keep(const std::string& session, const std::vector<Change>& changes,
                                     const std::map<std::string, double>& amounts);
  void forget(const std::string& session);
  std::vector<Entry> entries() const;  // of policies
  std::vector<std::string> sessions() const;
  std::map<std::string, double> charged(const std::string& session) const;

 private:
  const Account& account_of(const std::string& session) const;
  std::int64_t growth(const std::string& session, const std::vector<Change>& changes,
                      const std::map<std::string, double>& amounts) const;
  std::optional<service::Error> make_room(std::int64_t more);

  Journal m_journal;
  std::uint64_t m_content = 0;  // bytes that are kept
  Accounts m_accounts;
};

}  // namespace berth::policy
