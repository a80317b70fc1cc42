// What the kernel and the system tell in small files. A tree is where they begin, so that tests bring their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fields.hpp"

namespace machine {

class Tree {
 public:
  explicit Tree(std::string root) : m_root(std::move(root)) {}

  // All of a file, or its first `most` bytes; nothing if it is not there, not to be read, or gone meanwhile.
  std::optional<std::string> text(const std::string& path, std::size_t most = 4u << 20) const;
  std::string line(const std::string& path) const;  // for an answer; empty if there is none
  template <class Number>
  std::optional<Number> number(const std::string& path) const {
    const auto found = text(path, 4096);
    return found ? number_of<Number>(trimmed(*found)) : std::nullopt;
  }
  // Sorted. `cut` becomes true where there are more.
  std::vector<std::string> names(const std::string& path, std::size_t most = 100'000, bool* cut = nullptr) const;
  std::optional<std::string> link(const std::string& path) const;
  bool has(const std::string& path) const;
  std::string at(const std::string& path) const { return m_root + "/" + path; }

 private:
  std::string m_root;
};

struct Trees {
  Tree proc{"/proc"}, sys{"/sys"}, root{""};
};

}  // namespace machine
