// Zip files that are right, also where they look odd, and those that are cut off or none at all.
#include "archive.hpp"

#include <gtest/gtest.h>

#include "zip_kit.hpp"

namespace {

using Codes = std::vector<std::string>;
using kit::File;
using kit::Zip;
using ooxml::Archive;
using ooxml::ArchiveLimits;
using ooxml::Findings;

std::unique_ptr<Archive> open_text(const std::string& text, Findings& findings, const ArchiveLimits& limits = {}) {
  return Archive::open(ooxml::text_bytes(text), limits, findings);
}

std::string read_entry(const Archive& archive, std::size_t i) {
  const auto source = archive.read(i, 1ULL << 30, 200);
  return kit::all_of(*source);
}

std::string long_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * 7919) + ",";
  text.resize(size);
  return text;
}

TEST(ArchiveTest, EntriesAreReadWholeHoweverTheyArePacked) {
  Findings findings;
  const std::string small = "text", large = long_text(9 << 20);
  const auto archive = open_text(Zip{{kit::file("a", small), kit::file("b", small, false), kit::file("c", large),
                                      kit::file("d", large, false), kit::file("e", ""), kit::file("f/", "", false)}}
                                     .text(),
                                 findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(findings.total(), 0u);
  ASSERT_EQ(archive->entries().size(), 6u);
  for (const std::size_t i : {0, 1}) EXPECT_EQ(read_entry(*archive, i), small);
  for (const std::size_t i : {2, 3}) EXPECT_TRUE(read_entry(*archive, i) == large);
  EXPECT_EQ(read_entry(*archive, 4), "");
  EXPECT_TRUE(archive->entries()[5].folder);
}

TEST(ArchiveTest, PackedBytesAreThoseOfTheFile) {
  Findings findings;
  const File one = kit::file("a", long_text(1 << 20));
  const auto archive = open_text(Zip{{one}}.text(), findings);
  const auto source = archive->packed(0);
  EXPECT_TRUE(kit::all_of(*source) == one.data);
  EXPECT_EQ(archive->beginning(0, 4), long_text(4));
}

TEST(ArchiveTest, SizesMayFollowTheBytes) {
  Findings findings;
  File one = kit::file("a", "text");
  one.directory.flags = one.header.flags = 8;
  one.header.checksum = 0;
  one.header.packed = one.header.size = 0;
  one.after = "PK\7\10" + kit::bytes(one.directory.checksum, 4) + kit::bytes(one.data.size(), 4) + kit::bytes(4, 4);
  const auto archive = open_text(Zip{{one, kit::file("b", "more")}}.text(), findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(findings.total(), 0u);
  EXPECT_EQ(read_entry(*archive, 0) + read_entry(*archive, 1), "textmore");
}

TEST(ArchiveTest, ACommentMayLookLikeAnEnd) {
  Findings findings;
  const std::string end = "PK\5\6" + std::string(18, '\0');
  const auto archive = open_text(Zip{{kit::file("a", "text")}, end + " and more"}.text(), findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(read_entry(*archive, 0), "text");
}

TEST(ArchiveTest, BytesAroundAreTold) {
  Findings before, after;
  const std::string text = Zip{{kit::file("a", "text")}}.text();
  auto archive = open_text("#!/bin/sh\n" + text, before);
  ASSERT_TRUE(archive);
  EXPECT_EQ(kit::codes(before), Codes{"bytes-before"});
  EXPECT_EQ(read_entry(*archive, 0), "text");
  archive = open_text(text + "junk", after);
  ASSERT_TRUE(archive);
  EXPECT_EQ(kit::codes(after), Codes{"bytes-after"});
  EXPECT_TRUE(after.valid());
}

TEST(ArchiveTest, WhatIsNoArchiveSaysWhy) {
  const std::string text = Zip{{kit::file("a", long_text(1000))}}.text();
  const std::pair<std::string, std::string> all[] = {{"", "not-a-zip"},
                                                     {"P", "not-a-zip"},
                                                     {std::string(70000, 'x'), "not-a-zip"},
                                                     {"<html>", "not-a-zip"},
                                                     {text.substr(0, 100), "truncated"},
                                                     {text.substr(0, text.size() - 1), "truncated"},
                                                     {text.substr(200), "truncated"}};
  for (const auto& [bytes, code] : all) {
    Findings findings;
    EXPECT_FALSE(open_text(bytes, findings));
    EXPECT_EQ(kit::codes(findings), Codes{code}) << bytes.size();
  }
}

TEST(ArchiveTest, BigArchivesHaveALongerEnd) {
  const std::string text = Zip{{kit::file("a", "text")}}.text();
  const std::string head = text.substr(0, text.size() - 22);
  const std::size_t at = head.find("PK\1\2");
  const std::string big = "PK\6\6" + kit::bytes(44, 8) + kit::bytes(45, 4) + kit::bytes(0, 8) + kit::bytes(1, 8) +
                          kit::bytes(1, 8) + kit::bytes(head.size() - at, 8) + kit::bytes(at, 8);
  const std::string end = "PK\5\6" + kit::bytes(0, 4) + kit::bytes(~0ULL, 8) + kit::bytes(~0ULL, 4) + kit::bytes(0, 2);
  const auto locator = [](std::uint64_t place) {
    return "PK\6\7" + kit::bytes(0, 4) + kit::bytes(place, 8) + kit::bytes(1, 4);
  };
  Findings findings;
  const auto archive = open_text(head + big + locator(head.size()) + end, findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(findings.total(), 0u);
  EXPECT_EQ(read_entry(*archive, 0), "text");
  Findings lost, outside;
  EXPECT_FALSE(open_text(head + std::string(big.size(), 'x') + locator(5) + end, lost));
  EXPECT_EQ(kit::codes(lost), Codes{"bad-directory"});
  std::string far = big;
  far.replace(48, 8, kit::bytes(10ULL << 30, 8));
  EXPECT_FALSE(open_text(head + far + locator(head.size()) + end, outside));
  EXPECT_EQ(kit::codes(outside), Codes{"truncated"});
}

TEST(ArchiveTest, AFileThatIsCutWhileItIsReadIsSpoiled) {
  Findings findings;
  const kit::Temporary file(Zip{{kit::file("a", long_text(9 << 20), false)}}.text());
  const auto archive = Archive::open(ooxml::file_bytes(file.get()), {}, findings);
  ASSERT_TRUE(archive);
  const auto source = archive->read(0, 1ULL << 30, 200);
  ASSERT_FALSE(source->next().empty());
  file.cut(1 << 20);
  EXPECT_EQ(kit::spoiled([&] { kit::all_of(*source); }), "truncated");
}

}  // namespace
