// Alternatives: each is held against what may stand where they are.
#include "validator.hpp"

namespace ooxml {

std::vector<Validator::Count> Validator::counts() const {
  return {m_counts.begin() + static_cast<std::ptrdiff_t>(m_frames.back().counted), m_counts.end()};
}

void Validator::put_back(const Frame& frame, const std::vector<Count>& counts) {
  bool failed = m_frames.back().failed || frame.failed, spoken = m_frames.back().spoken || frame.spoken;
  m_frames.back() = frame;
  m_frames.back().failed = failed;
  m_frames.back().spoken = spoken;
  m_counts.resize(frame.counted);
  m_counts.insert(m_counts.end(), counts.begin(), counts.end());
}

void Validator::open_alternatives() {
  Alternatives& made = m_alternatives.emplace_back();
  if (m_skipped != 0 || m_frames.empty()) return;
  made.before = m_frames.back();
  made.counts_before = counts();
}

void Validator::next_alternative() {
  Alternatives& these = m_alternatives.back();
  if (these.before.type == nullptr || m_frames.empty()) return;
  if (!these.several) {
    these.after = m_frames.back();
    these.counts_after = counts();
    these.several = true;
  }
  put_back(these.before, these.counts_before);
}

void Validator::close_alternatives() {
  Alternatives& these = m_alternatives.back();
  if (these.several) put_back(these.after, these.counts_after);
  m_alternatives.pop_back();
}

}  // namespace ooxml
