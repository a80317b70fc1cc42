// Whether it is to go on is asked at each piece of the part's bytes.
#include "reading.hpp"

#include <algorithm>
#include <berth/call.hpp>
#include <memory>
#include <string>

namespace xlsx {

namespace {

class Watched : public ooxml::Source {
 public:
  Watched(std::unique_ptr<ooxml::Source> source, std::uint64_t all, const std::function<bool()>& stop,
          const std::function<void(double)>& progress)
      : m_source(std::move(source)), m_all(all), m_stop(stop), m_progress(progress) {}

  std::string_view next() override {
    if (m_stop && m_stop()) throw berth::Error(499, "cancelled", "it was cancelled");
    if (m_progress && m_all > 0) m_progress(std::min(1.0, static_cast<double>(m_done) / static_cast<double>(m_all)));
    const auto piece = m_source->next();
    m_done += piece.size();
    return piece;
  }

 private:
  std::unique_ptr<ooxml::Source> m_source;
  std::uint64_t m_all, m_done = 0;
  const std::function<bool()>& m_stop;
  const std::function<void(double)>& m_progress;
};

// The same part, read through another source.
template <class Read>
void told(const ooxml::Part& part, Read read) {
  try {
    read();
  } catch (const Enough&) {
    return;
  } catch (const ooxml::Malformed& error) {
    throw berth::Error(422, "not_well_formed", part.name + ", line " + std::to_string(error.line) + ": " + error.what(),
                       "xlsx.validate says more");
  } catch (const ooxml::Spoiled& error) {
    throw berth::Error(422, "spoiled", part.name + ": " + error.what(), "xlsx.validate says more");
  }
}

}  // namespace

void read_part(const ooxml::Package& package, const ooxml::Part& part, ooxml::Handler& handler) {
  told(part, [&] {
    const auto source = package.read(part);
    ooxml::read_xml(*source, handler);
  });
}

void read_enough(const ooxml::Package& package, const ooxml::Part& part, ooxml::Handler& handler,
                 const std::function<bool()>& stop, const std::function<void(double)>& progress) {
  told(part, [&] {
    Watched source(package.read(part), package.archive().entries()[part.entry].size, stop, progress);
    ooxml::read_xml(source, handler);
  });
}

}  // namespace xlsx
