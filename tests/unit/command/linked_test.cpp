// What a library is linked to is read from its file, whole or not; no byte of it is trusted.
#include "command/linked.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>

#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

const std::string clock_library = std::string(BERTH_BUILD_DIR) + "/lib/berth/plugins/clock.so";

struct Library {
  std::vector<std::string> needed;
  std::string folders;
  unsigned char order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

  // No more than what is looked at: two heads of segments, the dynamic section, its strings.
  std::string bytes() const {
    std::string strings(1, '\0'), entries;
    const auto entry = [&](std::int64_t tag, std::uint64_t value) {
      const std::array<std::uint64_t, 2> pair{static_cast<std::uint64_t>(tag), value};
      entries.append(reinterpret_cast<const char*>(pair.data()), sizeof pair);
    };
    const auto text = [&](std::int64_t tag, const std::string& value) {
      entry(tag, strings.size());
      strings += value + '\0';
    };
    for (const auto& name : needed) text(DT_NEEDED, name);
    text(DT_RUNPATH, folders);
    Elf64_Ehdr head{};
    std::memcpy(head.e_ident, ELFMAG, SELFMAG);
    head.e_ident[EI_CLASS] = ELFCLASS64;
    head.e_ident[EI_DATA] = order;
    head.e_phoff = sizeof head;
    head.e_phnum = 2;
    std::array<Elf64_Phdr, 2> segments{};
    const std::uint64_t begin = sizeof head + sizeof segments;
    entry(DT_STRTAB, begin + entries.size() + sizeof(Elf64_Dyn));
    segments[0].p_type = PT_LOAD;
    segments[0].p_filesz = begin + entries.size() + strings.size();
    segments[1].p_type = PT_DYNAMIC;
    segments[1].p_offset = begin;
    segments[1].p_filesz = entries.size();
    return std::string(reinterpret_cast<const char*>(&head), sizeof head) +
           std::string(reinterpret_cast<const char*>(segments.data()), sizeof segments) + entries + strings;
  }
};

Linked linked(const Library& library) {
  const test::Folder folder;
  test::put(folder.file("made"), library.bytes());
  return linked_to(folder.file("made"));
}

TEST(Linked, NamesLibraries) {
  EXPECT_THAT(linked_to(clock_library).libraries, testing::Contains("libstdc++.so.6"));
  EXPECT_THAT(linked({{"libone.so.1", "libtwo.so"}, ""}).libraries, testing::ElementsAre("libone.so.1", "libtwo.so"));
}

TEST(Linked, NamesFoldersThatTheyMayBeIn) {
  EXPECT_THAT(linked({{"libone.so.1"}, "/opt/one:$ORIGIN::here:/opt/two/"}).folders,
              testing::ElementsAre("/opt/one", "/opt/two/"));
}

TEST(Linked, AnotherMachinesHasNone) {
  Library library{{"libone.so.1"}, "/opt/one"};
  library.order = library.order == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
  EXPECT_TRUE(linked(library).libraries.empty());
}

// A few bytes of a file must not become gigabytes of names.
TEST(Linked, ALongNameIsNotKeptAsAWhole) {
  const auto found = linked({{std::string(100'000, 'x')}, ""});
  ASSERT_EQ(found.libraries.size(), 1u);
  EXPECT_LE(found.libraries[0].size(), 4096u);
}

TEST(Linked, WhatIsNoLibraryHasNone) {
  const test::Folder folder;
  test::put(folder.file("text"), "no library");
  EXPECT_TRUE(linked_to(folder.file("text")).libraries.empty());
  EXPECT_TRUE(linked_to(folder.file("none")).libraries.empty());
}

TEST(Linked, BrokenFilesHarmNobody) {
  const test::Folder folder;
  std::string bytes = test::content_of(clock_library).substr(0, 1u << 20);
  for (std::size_t size = 0; size < 4096; size += 61) {
    test::put(folder.file("short"), bytes.substr(0, size));
    linked_to(folder.file("short"));
  }
  for (std::size_t at = 0; at < 1024; ++at) {  // where the heads are
    std::string bent = bytes.substr(0, 8192);
    bent[at] = static_cast<char>(0xff);
    test::put(folder.file("bent"), bent);
    linked_to(folder.file("bent"));
  }
}

}  // namespace
}  // namespace berth::command
