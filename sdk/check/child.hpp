// Runs a piece of work in a child with a deadline: a plugin that crashes or hangs is a finding, and not the end of the
// tool.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "finding.hpp"

namespace berth::check {

// From the child to its parent: findings, one at a time, and what it is doing, in case that is its last word.
class Reporter {
 public:
  explicit Reporter(int pipe, char* doing) : m_pipe(pipe), m_doing(doing) {}
  void found(const Finding& finding);
  void doing(const std::string& what);
  static constexpr std::size_t room = 512;

 private:
  int m_pipe;
  char* m_doing;
};

// What the child found and, if it died or was too slow, a finding of the given check and operation that says so.
Findings in_child(const std::string& check, const std::string& operation, std::chrono::seconds deadline,
                  const std::function<void(Reporter&)>& work);

}  // namespace berth::check
