// Reading: ranges of a store, and whether each record is the one that was written.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "folder_names.hpp"
#include "store.hpp"
#include "store_lines.hpp"

namespace workspace {

using berth::Error;

Store::Opened Store::open_to_read() const {
  const berth::Fd locked = lock();
  Opened open{berth::Fd(::openat(m_folder, file().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)),
              {},
              remembered_head()};
  if (!open.fd && errno == ENOENT) {
    if (open.kept.number > 0) return open;
    throw Error(404, "no_store", "there is no store \"" + m_name + "\"",
                "workspace.store.append makes it with its first record");
  }
  if (!open.fd || ::fstat(open.fd.get(), &open.file) != 0 || !S_ISREG(open.file.st_mode))
    throw Error(409, "store_broken", "the store \"" + m_name + "\" is not a file that can be read");
  return open;
}

Store::Part Store::read(std::uint64_t from, std::uint64_t count, std::uint64_t bytes) const {
  const Opened open = open_to_read();
  if (!open.fd) throw broken("its file is gone");
  const auto proof = demand_whole(open);
  Part part;
  part.total = proof.head.number;
  part.torn = proof.end < open.size();
  std::uint64_t number = 0, given = 0;
  for (StoreLines lines(open.fd.get(), proof.end); part.records.size() < count && lines.next();) {
    if (++number < from) continue;
    given += lines.line().size();
    if (given > bytes && !part.records.empty()) break;
    auto record = record_of(lines.line());
    if (!record || record->store != m_name || record->number != number)
      throw broken("record " + std::to_string(number) + " was altered just now");
    part.records.push_back(std::move(record->all));
  }
  return part;
}

namespace {

class Verification {
 public:
  Verification(const std::string& store, int fd, std::uint64_t size, std::vector<ChainHead> remembered,
               const std::function<bool()>& more)
      : m_store(store), m_lines(fd, size), m_remembered(std::move(remembered)), m_more(more) {}

  Store::Verdict run() {
    while (next()) {
      if (!m_lines.ended())
        return broken("torn", "the last record is not whole, as after a crash; the next append takes it away");
      const auto record = record_of(m_lines.line());
      if (!record) return broken("altered", "its bytes are not those that were written");
      if (record->store != m_store) return broken("altered", "it is one of the store \"" + record->store + "\"");
      if (record->number < expected())
        return broken("reordered", "record " + std::to_string(record->number) + " stands there");
      if (record->number > expected()) return out_of_order();
      if (record->before != m_verdict.head.sha256)
        return broken("altered", "it follows another record than the one before it");
      m_verdict.head = {record->number, record->sha256};
      if (const auto* other = contradiction()) return broken_at_head(*other);
    }
    const auto missing = std::find_if(m_remembered.begin(), m_remembered.end(),
                                      [this](const ChainHead& one) { return one.number >= expected(); });
    if (missing == m_remembered.end()) return m_verdict;
    return broken("truncated", "there were " + std::to_string(missing->number) + " records once");
  }

 private:
  bool next() {
    if (!m_more()) throw Error(503, "cancelled", "the verification was ended");
    return m_lines.next();
  }
  std::uint64_t expected() const { return m_verdict.head.number + 1; }

  Store::Verdict broken(const char* what, const std::string& why) {
    m_verdict.broken = {expected(), m_lines.offset(), what,
                        "record " + std::to_string(expected()) + " is " + what + ": " + why};
    return m_verdict;
  }
  // Another one stands there: has it only been moved?
  Store::Verdict out_of_order() {
    Store::Verdict verdict = broken("removed", "the one after it stands there");
    while (next()) {
      const auto later = record_of(m_lines.line());
      if (!later || later->number != expected() || later->before != m_verdict.head.sha256) continue;
      verdict.broken->what = "reordered";
      verdict.broken->words = "record " + std::to_string(expected()) + " is reordered: it stands further down";
      break;
    }
    return verdict;
  }
  // A chain that is good in itself, but is not the one that was written.
  const ChainHead* contradiction() const {
    for (const ChainHead& one : m_remembered)
      if (one.number == m_verdict.head.number && one.sha256 != m_verdict.head.sha256) return &one;
    return nullptr;
  }
  Store::Verdict broken_at_head(const ChainHead& other) {
    m_verdict.broken = {
        other.number, m_lines.offset(), "altered",
        "record " + std::to_string(other.number) + " is altered: its digest is not the one that is remembered"};
    m_verdict.head = {};
    return m_verdict;
  }

  const std::string& m_store;
  StoreLines m_lines;
  const std::vector<ChainHead> m_remembered;
  const std::function<bool()>& m_more;
  Store::Verdict m_verdict;
};

}  // namespace

Store::Verdict Store::verify(const std::optional<ChainHead>& remembered, const std::function<bool()>& more) const {
  const Opened open = open_to_read();
  std::vector<ChainHead> heads{open.kept};
  if (remembered) heads.push_back(*remembered);
  return verdict_on(open.fd.get(), open.size(), std::move(heads), more);
}

// Half a record at the end is a crash's, unless there was a whole one once.
Proven::Proof Store::demand_whole(const Opened& open) const {
  if (auto proof = m_proven.find(m_name, open.file, open.kept)) return *proof;
  const auto verdict = verdict_on(open.fd.get(), open.size(), {open.kept}, [] { return true; });
  const auto& wrong = verdict.broken;
  if (wrong && (wrong->what != "torn" || verdict.head.number < open.kept.number)) throw broken(wrong->words);
  const Proven::Proof proof{open.kept, verdict.head, wrong ? wrong->offset : open.size()};
  m_proven.note(m_name, open.file, proof);
  return proof;
}

Store::Verdict Store::verdict_on(int fd, std::uint64_t size, std::vector<ChainHead> heads,
                                 const std::function<bool()>& more) const {
  return Verification(m_name, fd, size, std::move(heads), more).run();
}

// A store whose file is gone is one still, as long as its head is remembered.
std::vector<std::string> Store::names(int folder) {
  std::set<std::string> all;
  each_name(folder, [&](const std::string& name) {
    const bool head = name[0] == '.';
    const std::string_view ending = head ? ".head" : ".jsonl";
    const std::size_t begin = head ? 1 : 0;
    if (name.size() <= begin + ending.size()) return true;
    const std::size_t end = name.size() - ending.size();
    if (name.compare(end, ending.size(), ending) == 0) all.insert(name.substr(begin, end - begin));
    return true;
  });
  return {all.begin(), all.end()};
}

}  // namespace workspace
