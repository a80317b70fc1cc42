// Any bytes, read as a part of a kind: through the tokenizer, markup compatibility and the validator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compatibility.hpp"
#include "track.hpp"

namespace fuzz {

// Gives the bytes in pieces whose sizes they say themselves.
class Pieces : public ooxml::Source {
 public:
  explicit Pieces(std::string_view text) : m_text(text) {}
  std::string_view next() override {
    std::size_t size = m_text.empty() ? 0 : 1 + static_cast<unsigned char>(m_text[m_text.size() / 2]) % 61;
    std::string_view piece = m_text.substr(0, size);
    m_text.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::string_view m_text;
};

// Everything that is opened is closed, at the depth that it says.
class Nested : public ooxml::Handler {
 public:
  void start(const ooxml::Start& element) override {
    if (element.depth != ++m_depth) std::abort();
  }
  void text(std::string_view) override {
    if (m_depth == 0) std::abort();
  }
  void end(const ooxml::Start& element) override {
    if (element.depth != m_depth--) std::abort();
  }

 private:
  std::size_t m_depth = 0;
};

struct Where : ooxml::Position {
  std::string path() const override { return track->path(); }
  std::string path(std::size_t depth) const override { return track->path(depth); }
  std::size_t line() const override { return track->line(); }
  const ooxml::Track* track = nullptr;
};

inline void read_part(const std::uint8_t* bytes, std::size_t size, const char* content_type) {
  Pieces pieces({reinterpret_cast<const char*>(bytes), size});
  ooxml::Findings findings;
  ooxml::Part part;
  part.content_type = content_type;
  Where where;
  ooxml::Era era{size % 2 == 0 ? ooxml::Office::o2007 : ooxml::Office::o2019, size % 3 == 0};
  ooxml::Validator validator(ooxml::grammar(), part, where, era, findings);
  Nested nested;
  ooxml::Compatibility compatibility(ooxml::grammar(), part, where, era, findings, &validator, &nested);
  ooxml::Track track(ooxml::grammar(), compatibility);
  where.track = &track;
  try {
    read_xml(pieces, track);
  } catch (const ooxml::Malformed&) {
  }
}

}  // namespace fuzz
