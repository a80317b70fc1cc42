// A package is copied with changes: what is changed is new, all else is the same to the byte, and it opens as before.
#include "rewrite.hpp"

#include <gtest/gtest.h>

#include "package_kit.hpp"

namespace {

using ooxml::Archive;
using ooxml::Changes;
using ooxml::Findings;

std::unique_ptr<Archive> open_copy(const kit::Temporary& file, Findings& findings) {
  return Archive::open(ooxml::file_bytes(file.get()), {}, findings);
}

std::function<std::unique_ptr<ooxml::Source>()> as_source(const std::string& text) {
  return [text] { return ooxml::text_source(text); };
}

std::string packed_of(const Archive& archive, std::size_t i) {
  const auto source = archive.packed(i);
  return kit::all_of(*source);
}

std::string text_of(const Archive& archive, std::size_t i) {
  const auto source = archive.read(i, 1ULL << 30, 2000);
  return kit::all_of(*source);
}

TEST(RewriteTest, WhatIsNotChangedIsTheSameToTheByte) {
  Findings findings;
  const kit::Temporary from(kit::Document().text()), to(std::string(1 << 20, 'x'));
  const auto old = open_copy(from, findings);
  Changes changes;
  changes.parts["word/document.xml"] = as_source("<changed/>");
  changes.parts["word/new.xml"] = as_source(std::string(5 << 20, 'n'));
  changes.without.insert("word/styles.xml");
  ooxml::rewrite(*old, changes, to.get());
  const auto archive = open_copy(to, findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(findings.total(), 0u);
  std::vector<std::string> names;
  for (const auto& entry : archive->entries()) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels",
                                             "word/document.xml", "word/new.xml"}));
  for (const std::size_t i : {0, 1, 2}) EXPECT_EQ(packed_of(*archive, i), packed_of(*old, i));
  EXPECT_EQ(text_of(*archive, 3), "<changed/>");
  EXPECT_TRUE(text_of(*archive, 4) == std::string(5 << 20, 'n'));
}

TEST(RewriteTest, DescriptorsAndUnreadableEntriesAreLeftBehind) {
  Findings findings, none;
  kit::File one = kit::file("a", "text");
  one.directory.flags = one.header.flags = 8;
  one.after = std::string(16, '\0');
  const kit::Temporary from(kit::Zip{{one, kit::file("../b", "evil"), kit::file("f/", "", false)}}.text()), to;
  ooxml::rewrite(*open_copy(from, findings), {}, to.get());
  const auto archive = open_copy(to, none);
  ASSERT_TRUE(archive);
  EXPECT_EQ(none.total(), 0u);
  ASSERT_EQ(archive->entries().size(), 1u);
  EXPECT_EQ(archive->entries()[0].flags, 0);
  EXPECT_EQ(text_of(*archive, 0), "text");
}

TEST(RewriteTest, ManyEntriesNeedTheLongerEnd) {
  Findings findings;
  const kit::Temporary from(kit::Zip{{kit::file("a", "text")}}.text()), to;
  Changes changes;
  for (int i = 0; i < 65535; ++i) changes.parts["b" + std::to_string(i)] = as_source("");
  ooxml::rewrite(*open_copy(from, findings), changes, to.get());
  const auto archive = open_copy(to, findings);
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->entries().size(), 65536u);
  EXPECT_EQ(findings.total(), 0u);
}

TEST(RewriteTest, WhatCannotBeWrittenIsSaid) {
  Findings findings;
  const kit::Temporary from(kit::Zip{{kit::file("a", "text")}}.text()), to;
  const auto archive = open_copy(from, findings);
  EXPECT_EQ(kit::spoiled([&] { ooxml::rewrite(*archive, {}, -1); }), "unwritable");
  Changes changes;
  changes.parts["../b"] = as_source("");
  EXPECT_EQ(kit::spoiled([&] { ooxml::rewrite(*archive, changes, to.get()); }), "unsafe-path");
  changes.parts.clear();
  changes.parts["b"] = []() -> std::unique_ptr<ooxml::Source> { throw ooxml::Spoiled("mine", "of the caller"); };
  EXPECT_EQ(kit::spoiled([&] { ooxml::rewrite(*archive, changes, to.get()); }), "mine");
}

}  // namespace
