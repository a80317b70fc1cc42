// What tests of the validator have in common: a grammar of a few lines, a part that is held against it, and what was
// found as text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "compatibility.hpp"
#include "compiler/compiled.hpp"
#include "track.hpp"

namespace looking {

// "file:line: text" of each problem.
inline std::string problems_of(const std::string& grammar) {
  ooxml::compiler::Model model;
  ooxml::compiler::Problems problems;
  ooxml::compiler::parse("g", grammar, model, problems);
  ooxml::compiler::compile(model, problems);
  std::string told;
  for (const auto& one : problems) told += std::to_string(one.place.line) + ": " + one.text + "\n";
  return told;
}

class Grammar {
 public:
  explicit Grammar(const std::string& text) {
    ooxml::compiler::Model model;
    ooxml::compiler::Problems problems;
    ooxml::compiler::parse("g", text, model, problems);
    m_compiled = ooxml::compiler::compile(model, problems);
    for (const auto& one : problems) {
      if (one.error) ADD_FAILURE() << one.place.line << ": " << one.text;
    }
    m_tables = m_compiled.tables();
  }
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  // "code path [name]" of all that is found in a part of the content type "t".
  std::string found(const std::string& text, ooxml::Era era = {}, ooxml::Handler* reader = nullptr) const {
    ooxml::Findings findings;
    ooxml::Part part;
    part.name = "/p";
    part.content_type = "t";
    Where where;
    ooxml::Validator validator(m_tables, part, where, era, findings);
    ooxml::Compatibility compatibility(m_tables, part, where, era, findings, &validator, reader);
    ooxml::Track track(m_tables, compatibility);
    where.track = &track;
    auto source = std::make_unique<Text>(text);
    ooxml::read_xml(*source, track, {}, m_tables);
    std::string told;
    for (const auto& one : findings.kept()) {
      const bool rule = one.layer == ooxml::Layer::rule && one.severity == ooxml::Severity::repaired;
      told += (told.empty() ? "" : "; ") + std::string(rule ? "rule: " : "") + one.code + " " + one.path +
              (one.name.empty() ? "" : " [" + one.name + "]");
    }
    return told;
  }
  const ooxml::Tables& tables() const { return m_tables; }

 private:
  struct Where : ooxml::Position {
    std::string path() const override { return track->path(); }
    std::string path(std::size_t depth) const override { return track->path(depth); }
    std::size_t line() const override { return track->line(); }
    const ooxml::Track* track = nullptr;
  };
  struct Text : ooxml::Source {
    explicit Text(std::string all) : text(std::move(all)) {}
    std::string_view next() override { return std::exchange(told, true) ? std::string_view() : text; }
    std::string text;
    bool told = false;
  };
  ooxml::compiler::Compiled m_compiled;
  ooxml::Tables m_tables;
};

}  // namespace looking
