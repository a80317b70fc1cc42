// Zip files that lie: each of them is told for what it is, and costs no more than an honest one.
#include <gtest/gtest.h>

#include <functional>

#include "archive.hpp"
#include "zip_kit.hpp"

namespace {

using Codes = std::vector<std::string>;
using kit::File;
using kit::Zip;
using ooxml::Archive;
using ooxml::ArchiveLimits;
using ooxml::Findings;

std::unique_ptr<Archive> open_zip(const Zip& zip, Findings& findings, const ArchiveLimits& limits = {}) {
  return Archive::open(ooxml::text_bytes(zip.text()), limits, findings);
}

// What is found of an archive with one entry that was changed.
Codes told_of(const std::function<void(File&)>& change) {
  Findings findings;
  File one = kit::file("a", "text of some length, some length");
  change(one);
  const auto archive = open_zip({{one, kit::file("b", "more")}}, findings);
  if (archive && archive->entries()[0].spoiled) {
    EXPECT_EQ(kit::spoiled([&] { archive->read(0, 1 << 20, 200); }), "damaged-data");
    EXPECT_EQ(kit::spoiled([&] { archive->packed(0); }), "damaged-data");
  }
  EXPECT_EQ(findings.count(ooxml::Severity::refused), findings.total());
  return kit::codes(findings);
}

// What happens when an entry that was changed is read: nothing was to be seen before.
std::string read_changed(const std::function<void(File&)>& change, std::size_t size = 100) {
  Findings findings;
  File one = kit::file("a", std::string(size, 'x'));
  change(one);
  one.header = one.directory;
  const auto archive = open_zip({{one}}, findings);
  EXPECT_TRUE(archive) << "it was to be found later";
  EXPECT_EQ(findings.total(), 0u);
  if (!archive) return "";
  return kit::spoiled([&] {
    const auto source = archive->read(0, 1ULL << 30, 200);
    kit::all_of(*source);
  });
}

TEST(ArchiveHostileTest, HeadersThatDisagreeAreTold) {
  const Codes mismatch{"header-mismatch"};
  EXPECT_EQ(told_of([](File&) {}), Codes{});
  EXPECT_EQ(told_of([](File& one) { one.header.name = "c"; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.header.name = "aa"; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.header.method = 0; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.header.checksum ^= 1; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.header.size += 1; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.header.flags = 1; }), mismatch);
  EXPECT_EQ(told_of([](File& one) { one.moved = true, one.at = 7; }), mismatch);
}

TEST(ArchiveHostileTest, WhatOfficeDoesNotReadIsTold) {
  EXPECT_EQ(told_of([](File& one) { one.directory.flags = one.header.flags = 1; }), Codes{"encrypted-entry"});
  EXPECT_EQ(told_of([](File& one) { one.directory.method = one.header.method = 12; }), Codes{"unknown-method"});
  EXPECT_EQ(told_of([](File& one) { one.directory.method = one.header.method = 0; }), Codes{"wrong-size"});
}

TEST(ArchiveHostileTest, BytesBelongToOneEntry) {
  Findings findings;
  const File one = kit::file("a", "text");
  File other = kit::file("a", "text");
  other.moved = true;  // both lie at the beginning
  other.directory.name = "a";
  EXPECT_TRUE(open_zip({{one, other}}, findings));
  EXPECT_EQ(kit::codes(findings), (Codes{"duplicate-entry", "overlapping-entries"}));
  EXPECT_EQ(told_of([](File& file) { file.directory.packed = file.header.packed += 10; }),
            Codes{"overlapping-entries"});
  EXPECT_EQ(told_of([](File& file) { file.directory.packed = file.header.packed = 8000; }), Codes{"truncated"});
}

TEST(ArchiveHostileTest, BytesThatAreNotWhatTheyShouldBeAreFoundWhenRead) {
  for (const std::size_t size : {100u, 9u << 20}) {  // at once, and in pieces
    EXPECT_EQ(read_changed([](File&) {}, size), "");
    EXPECT_EQ(read_changed([](File& one) { one.directory.checksum ^= 1; }, size), "bad-checksum");
    EXPECT_EQ(read_changed([](File& one) { one.directory.size += 1; }, size), "wrong-size");
    EXPECT_EQ(read_changed([](File& one) { one.directory.size -= 1; }, size), "wrong-size");
    EXPECT_EQ(read_changed([](File& one) { one.data[0] = '\7'; }, size), "damaged-data");
    EXPECT_EQ(read_changed([](File& one) { one.data.resize(one.directory.packed = one.data.size() - 1); }, size),
              "damaged-data");
  }
}

TEST(ArchiveHostileTest, ABombThatClaimsToBeSmallGivesNoMoreThanItClaims) {
  EXPECT_EQ(read_changed([](File& one) { one.directory.size = 100; }, 50 << 20), "wrong-size");
  EXPECT_EQ(read_changed([](File& one) { one.directory.size = 5 << 20; }, 50 << 20), "wrong-size");
}

TEST(ArchiveHostileTest, NamesThatLeadAstrayAreTold) {
  for (const char* name : {"../a", "a/../../b", "/etc/passwd", "a\\b", "C:/a", "c:a", "a/./b", "..", "%2e%2e/a",
                           "a/%2E%2e/b", "%2Fetc", "a%5Cb", "a\nb", "a%00b"}) {
    Findings findings;
    const auto archive = open_zip({{kit::file(name, "text")}}, findings);
    ASSERT_TRUE(archive);
    EXPECT_EQ(kit::codes(findings), Codes{"unsafe-path"}) << name;
    EXPECT_TRUE(archive->entries()[0].spoiled);
  }
  for (const char* name : {"a..b", "...", "ab:c", "C", "[trash]/0000.dat", "a b", "\xC3\xA9", "a%20b"}) {
    Findings findings;
    open_zip({{kit::file(name, "text")}}, findings);
    EXPECT_EQ(findings.total(), 0u) << name;
  }
  Findings findings;
  open_zip({{kit::file(std::string("a\0b", 3), "text"), kit::file("", "text")}}, findings);
  EXPECT_EQ(findings.total(), 2u);
}

TEST(ArchiveHostileTest, TwoOfOneNameAreToldWhateverTheCase) {
  for (const char* name : {"a/b.xml", "A/B.xml", "a/%62.xml"}) {
    Findings findings;
    const auto archive = open_zip({{kit::file("a/b.xml", "1"), kit::file(name, "2")}}, findings);
    EXPECT_EQ(kit::codes(findings), Codes{"duplicate-entry"}) << name;
    EXPECT_FALSE(archive->entries()[0].spoiled);
  }
}

TEST(ArchiveHostileTest, TheDirectoryListsWhatItCounts) {
  for (const int more : {-1, 1, 1000}) {
    Findings findings;
    Zip zip{{kit::file("a", "1"), kit::file("b", "2")}};
    zip.more = more;
    EXPECT_FALSE(open_zip(zip, findings));
    EXPECT_EQ(kit::codes(findings), Codes{"bad-directory"});
  }
}

TEST(ArchiveHostileTest, ClaimsBeyondALimitAreRefusedBeforeAnythingIsUnpacked) {
  const Codes limit{"limit-exceeded"};
  const auto told_by = [](const Zip& zip, const ArchiveLimits& limits) {
    Findings findings;
    EXPECT_FALSE(open_zip(zip, findings, limits));
    return kit::codes(findings);
  };
  const Zip two{{kit::file("a", std::string(600, 'x')), kit::file("b", std::string(600, 'y'))}};
  EXPECT_EQ(told_by(two, {.part_bytes = 500}), limit);
  EXPECT_EQ(told_by(two, {.total_bytes = 1000}), limit);
  EXPECT_EQ(told_by(two, {.entries = 1}), limit);
  EXPECT_EQ(told_by(two, {.directory_bytes = 50}), limit);
  EXPECT_EQ(told_by({{kit::file("a", std::string(64 << 20, 'x'))}}, {}), limit);  // a thousand for one
  File huge = kit::file("a", "x");
  huge.directory.size = 10ULL << 30;
  huge.header.size = 0xFFFFFFFF;
  EXPECT_EQ(told_by({{huge}}, {}), limit);
  File more = huge;
  more.directory.name = more.header.name = "b";
  huge.directory.size = more.directory.size = ~0ULL;
  EXPECT_EQ(told_by({{huge, more}}, {}), limit);
}

TEST(ArchiveHostileTest, WhoReadsMaySetALimitOfHisOwn) {
  Findings findings;
  const auto archive = open_zip({{kit::file("a", std::string(1000, 'x'))}}, findings);
  EXPECT_EQ(kit::spoiled([&] { archive->read(0, 999, 200); }), "limit-exceeded");
}

}  // namespace
