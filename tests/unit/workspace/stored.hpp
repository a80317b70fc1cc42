// A store in a folder of its own, and what is wrong with it in one word.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store.hpp"
#include "umask.hpp"
#include "unit/service/folder.hpp"

namespace workspace {

using berth::Error;
using berth::Json;
using berth::test::content_of;
using berth::test::Folder;
using berth::test::put;

constexpr std::uint64_t much = 1u << 30;

struct StoreTest : testing::Test {
  StoreTest() : at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)), store(at.get(), "citations", proven) {}
  Store::Appended add(const Json& record) { return store.append(record, "root"); }
  void fill(int count) {
    for (int i = 1; i <= count; ++i) add({{"page", i}});
  }
  Store::Verdict verify(std::optional<ChainHead> head = {}) {
    return store.verify(head, [] { return true; });
  }
  std::string what(std::optional<ChainHead> head = {}) {
    const auto verdict = verify(std::move(head));
    return verdict.broken ? verdict.broken->what + " " + std::to_string(verdict.broken->number) : "good";
  }
  std::string path() const { return folder.file("citations.jsonl"); }
  std::string bytes() const { return content_of(path()); }
  void lines(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& line : all) text += line + "\n";
    put(path(), text);
  }
  void forget_head() { std::filesystem::remove(folder.file(".citations.head")); }
  static int status_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.status();
    }
    return 0;
  }
  const HostsUmask umask;
  Folder folder;
  berth::Fd at;
  Proven proven;
  Store store;
};

}  // namespace workspace
