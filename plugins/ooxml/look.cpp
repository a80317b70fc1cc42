// Every part that somebody has something to say of is read once, from front to back.
#include "look.hpp"

#include <algorithm>
#include <unordered_set>

#include "compatibility.hpp"
#include "track.hpp"
#include "validator.hpp"

namespace ooxml {

namespace {

struct Stopped {};

// The bytes of a part, counted on their way.
class Counted : public Source {
 public:
  Counted(std::unique_ptr<Source> from, const LookOptions& options, std::uint64_t& done, std::uint64_t all)
      : m_from(std::move(from)), m_options(options), m_done(done), m_all(all) {}
  std::string_view next() override {
    if (m_options.stop && m_options.stop()) throw Stopped{};
    std::string_view piece = m_from->next();
    m_done += piece.size();
    if (m_options.progress)
      m_options.progress(m_all == 0 ? 1 : std::min(1.0, static_cast<double>(m_done) / static_cast<double>(m_all)));
    return piece;
  }

 private:
  std::unique_ptr<Source> m_from;
  const LookOptions& m_options;
  std::uint64_t& m_done;
  const std::uint64_t m_all;
};

// Knows where the reader stands before there is a reader.
class Where : public Position {
 public:
  std::string path() const override { return track == nullptr ? "" : track->path(); }
  std::string path(std::size_t depth) const override { return track == nullptr ? "" : track->path(depth); }
  std::size_t line() const override { return track == nullptr ? 0 : track->line(); }
  const Track* track = nullptr;
};

bool is_offices(const Part& part) { return part.content_type.starts_with("application/vnd.openxmlformats-"); }

bool is_xml(const Part& part) { return part.content_type.size() > 4 && part.content_type.ends_with("+xml"); }

class Looker {
 public:
  Looker(const Package& package, Domain* domain, const LookOptions& options, Findings& findings)
      : m_package(package),
        m_domain(domain),
        m_options(options),
        m_findings(findings),
        m_era{options.office, package.strict()} {}

  bool run() {
    std::vector<const Part*> parts;
    if (m_domain != nullptr) parts = m_domain->first(m_package);
    std::unordered_set<const Part*> named(parts.begin(), parts.end());
    for (const Part& part : m_package.parts()) {
      if (named.count(&part) == 0) parts.push_back(&part);
    }
    for (const Part* part : parts) m_all += size_of(*part);
    try {
      for (const Part* part : parts) one(*part);
    } catch (const Stopped&) {
      return false;
    }
    if (m_domain != nullptr) m_domain->finish(m_package, m_findings);
    if (m_options.progress) m_options.progress(1);
    return true;
  }

 private:
  std::uint64_t size_of(const Part& part) const {
    const auto& entries = m_package.archive().entries();
    return part.entry < entries.size() ? entries[part.entry].size : 0;
  }

  void one(const Part& part) {
    if (part.spoiled || !part.reachable) return;
    bool checked = m_options.grammar && Validator::knows(grammar(), part.content_type);
    if (!checked && m_domain == nullptr && !is_xml(part)) return;
    Where where;
    Reading reading{m_package, part, where, m_findings, m_options.office};
    std::unique_ptr<Handler> reader = m_domain == nullptr ? nullptr : m_domain->reader(reading);
    if (!checked && reader == nullptr && !is_xml(part)) return;
    std::unique_ptr<Validator> validator;
    if (checked) validator = std::make_unique<Validator>(grammar(), part, where, m_era, m_findings);
    Compatibility compatibility(grammar(), part, where, m_era, m_findings, validator.get(), reader.get());
    Track track(grammar(), compatibility);
    where.track = &track;
    read(part, track, checked || reader != nullptr || is_offices(part));
  }

  // What cannot be read is told; `known`: Office looks into it.
  void read(const Part& part, Track& track, bool known) {
    Finding found{.severity = known ? Severity::refused : Severity::hint, .part = part.name};
    try {
      Counted source(m_package.read(part), m_options, m_done, m_all);
      read_xml(source, track);
      return;
    } catch (const Spoiled& spoiled) {
      found.layer = Layer::package;
      found.severity = Severity::refused;
      found.code = spoiled.code;
      found.message = spoiled.what();
    } catch (const Malformed& malformed) {
      found.layer = Layer::xml;
      found.code = malformed.code;
      found.message = malformed.what();
      found.line = malformed.line;
      found.path = track.path();
    }
    m_findings.add(std::move(found));
  }

  const Package& m_package;
  Domain* m_domain;
  const LookOptions& m_options;
  Findings& m_findings;
  const Era m_era;
  std::uint64_t m_done = 0, m_all = 0;
};

}  // namespace

void Reading::find(Severity severity, std::string code, std::string message, std::string name, std::string expected,
                   std::string remedy) const {
  if (findings.full(severity, Layer::semantic)) return findings.add({.severity = severity, .layer = Layer::semantic});
  findings.add({.severity = severity,
                .layer = Layer::semantic,
                .code = std::move(code),
                .part = part.name,
                .path = position.path(),
                .name = std::move(name),
                .line = position.line(),
                .message = std::move(message),
                .expected = std::move(expected),
                .remedy = std::move(remedy)});
}

bool look(const Package& package, Domain* domain, const LookOptions& options, Findings& findings) {
  return Looker(package, domain, options, findings).run();
}

}  // namespace ooxml
