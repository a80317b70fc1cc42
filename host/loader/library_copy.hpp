// What is loaded is a copy of the library, made by the host and named after its content. So the bytes that were checked
// are the bytes that run, whoever writes to the original meanwhile; and another content is another path, which is what
// dlopen needs to load it beside the old one.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "loader/finder.hpp"
#include "service/error.hpp"

namespace berth::loader {

// Nothing, or that the library beside the manifest is not the one that it describes. Of those whose manifest is good.
std::optional<service::Error> check_library(const Found& found);

class LibraryCopies {
 public:
  explicit LibraryCopies(std::string folder) : m_folder(std::move(folder)) {}

  // Checks the library against its manifest; the path of its copy, FOLDER/NAME-<first 16 digits>.so. Any thread.
  service::Result<std::string> copy(const Found& found) const;
  void remove_others(const std::set<std::string>& paths) const;  // copies that are not among these

 private:
  const std::string m_folder;  // the host user's alone
};

}  // namespace berth::loader
