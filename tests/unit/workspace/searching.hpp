// A folder that is searched, and what is found in it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <berth/fd.hpp>

#include "search.hpp"
#include "unit/service/folder.hpp"

namespace workspace {

namespace fs = std::filesystem;

struct Searching : testing::Test {
  struct Hit {
    std::string path;
    std::uint64_t line, column;
    std::string text;
    bool operator==(const Hit&) const = default;
  };
  void file(const std::string& name, const std::string& content) {
    fs::create_directories(fs::path(folder.file(name)).parent_path());
    berth::test::put(folder.file(name), content);
  }
  SearchCounts run(
      SearchWish wish, Search::More more = [] { return true; }) {
    hits.clear();
    const berth::Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
    return Search(
               wish, helpers,
               [this](Found&& found) {
                 auto line = found.line.value_or(Line{});
                 hits.push_back({found.path, line.number, line.column, line.text});
                 return true;
               },
               std::move(more))
        .run(at.get());
  }
  SearchCounts look_for(const std::string& pattern, bool fixed = false) {
    SearchWish wish;
    wish.matcher.emplace(Pattern{pattern, fixed, false});
    wish.limit = 1'000'000;
    return run(std::move(wish));
  }
  SearchCounts names(std::vector<std::string> globs) {
    SearchWish wish;
    wish.globs = Globs(globs);
    wish.limit = 1'000'000;
    return run(std::move(wish));
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& hit : hits) all.push_back(hit.path);
    return all;
  }
  berth::test::Folder folder;
  std::vector<Hit> hits;
  Helpers helpers{3};
};

}  // namespace workspace
