// What is packed comes out as it was; what would lead out, or is more than it seems, does not come out at all.
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <berth/call.hpp>
#include <map>
#include <random>

#include "extract.hpp"
#include <berth/fd.hpp>
#include "member.hpp"
#include "pack.hpp"
#include "unit/service/folder.hpp"
#include "umask.hpp"

namespace workspace {
namespace {

namespace fs = std::filesystem;
using berth::Error;
using berth::test::content_of;
using berth::test::Folder;
using berth::test::put;

struct Member {
  std::string path, content = {}, target = {};
  unsigned type = AE_IFREG;
  bool hard = false;
};

struct ArchiveTest : testing::Test {
  ArchiveTest() {
    fs::create_directory(folder.file("upload"));
    put(folder.file("secret"), "secret");
    at = berth::Fd(::open(folder.file("upload").c_str(), O_RDONLY | O_DIRECTORY));
  }
  // A tar, a zip, or one of them compressed, with whatever members.
  std::string make(const std::vector<Member>& members, const std::string& form = "tar") {
    const std::string path = folder.file("archive");
    archive* out = ::archive_write_new();
    form.substr(0, 3) == "zip" ? ::archive_write_set_format_zip(out) : ::archive_write_set_format_pax(out);
    if (form == "tar.gz") ::archive_write_add_filter_gzip(out);
    if (form == "tar.xz") ::archive_write_add_filter_xz(out);
    ::archive_write_open_filename(out, path.c_str());
    for (const auto& one : members) {
      archive_entry* entry = ::archive_entry_new();
      ::archive_entry_set_pathname(entry, one.path.c_str());
      ::archive_entry_set_filetype(entry, one.type);
      ::archive_entry_set_perm(entry, 04755);
      ::archive_entry_set_size(entry, static_cast<la_int64_t>(one.content.size()));
      if (!one.target.empty())
        one.hard ? ::archive_entry_set_hardlink(entry, one.target.c_str())
                 : ::archive_entry_set_symlink(entry, one.target.c_str());
      ::archive_write_header(out, entry);
      ::archive_write_data(out, one.content.data(), one.content.size());
      ::archive_entry_free(entry);
    }
    ::archive_write_free(out);
    return path;
  }
  static ExtractBounds room(std::uint64_t most) {
    return {[most](std::uint64_t written, std::uint64_t total) {
      EXPECT_LE(written, total);
      if (total > most) throw Error(507, "quota_exceeded", "no more", "delete");
    }};
  }
  Extracted take(const std::string& path, ExtractBounds bounds = room(1u << 30)) {
    const berth::Fd file(::open(path.c_str(), O_RDONLY));
    return extract(file.get(), at.get(), "x", bounds, [] { return true; });
  }
  // "" if it was taken. Nothing may be left of what was not.
  std::string refusal(const std::string& path, ExtractBounds bounds = room(1u << 30)) {
    try {
      take(path, bounds);
    } catch (const Error& error) {
      EXPECT_TRUE(fs::is_empty(folder.file("upload"))) << error.message();
      EXPECT_EQ(content_of(folder.file("secret")), "secret");
      return error.code();
    }
    fs::remove_all(folder.file("upload/x"));
    return "";
  }
  std::string in(const std::string& name) const { return folder.file("upload/x/" + name); }
  std::string packed(const std::string& name, ArchiveKind kind, Packed* told = nullptr) {
    const berth::Fd from(::open(folder.file(name).c_str(), O_RDONLY | O_DIRECTORY));
    std::string all;
    const Packed done = pack(from.get(), "top", kind, [&](std::string_view bytes) {
      all += bytes;
      return true;
    });
    EXPECT_TRUE(done.whole);
    if (told) *told = done;
    put(folder.file("archive"), all);
    return folder.file("archive");
  }
  const HostsUmask umask;
  Folder folder;
  berth::Fd at;
};

TEST_F(ArchiveTest, EveryFormComesOut) {
  for (const char* form : {"tar", "tar.gz", "tar.xz", "zip"}) {
    const auto done = take(
        make({{"a/", "", "", AE_IFDIR}, {"a/b.txt", "hello"}, {"./c/d/ä.txt", "deep"}, {"l", "", "a/b.txt", AE_IFLNK}},
             form));
    EXPECT_EQ(content_of(in("a/b.txt")), "hello") << form;
    EXPECT_EQ(content_of(in("c/d/ä.txt")), "deep") << form;
    EXPECT_EQ(content_of(in("l")), "hello") << form;
    EXPECT_EQ(done.files, 2u);
    EXPECT_EQ(done.links, 1u);
    EXPECT_EQ(done.bytes, 9u);
    struct stat about {};
    ASSERT_EQ(::stat(in("a/b.txt").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0755u);  // no setuid
    for (const char* made : {"", "a", "c", "c/d"}) {
      ASSERT_EQ(::stat(in(made).c_str(), &about), 0);
      EXPECT_EQ(about.st_mode & 07777, 0755u) << made;
    }
    fs::remove_all(folder.file("upload/x"));
  }
}

TEST_F(ArchiveTest, WhatLeadsOutIsRefusedAsAWhole) {
  const Member good{"good.txt", "good"};
  for (const char* form : {"tar", "zip"}) {
    for (const char* path : {"../secret", "a/../../secret", "/etc/x", "a/..", "..", "//x", "a/../b"})
      EXPECT_EQ(refusal(make({good, {path, "evil"}, good}, form)), "archive_escapes") << form << " " << path;
    for (const char* target : {"../secret", "/etc/passwd", "..", "a/../../secret", "s/..", "."})
      EXPECT_EQ(refusal(make({good, {"s", "", ".", AE_IFLNK}, {"l", "", target, AE_IFLNK}}, form)) == "archive_escapes",
                std::string(target) != ".")
          << form << " " << target;
  }
  for (const char* target : {"../secret", "/etc/passwd", "none", "..", "a", "s"})
    EXPECT_EQ(refusal(make(
                  {good, {"a", "", "", AE_IFDIR}, {"s", "", "good.txt", AE_IFLNK}, {"h", "", target, AE_IFREG, true}})),
              "archive_escapes")
        << target;
  for (const unsigned type : {AE_IFIFO, AE_IFCHR, AE_IFBLK})
    EXPECT_EQ(refusal(make({good, {"device", "", "", type}})), "archive_escapes") << type;
}

TEST_F(ArchiveTest, NothingIsWrittenThroughALink) {
  EXPECT_EQ(refusal(make({{"d", "", "", AE_IFDIR}, {"s", "", "d", AE_IFLNK}, {"s/x", "evil"}})), "archive_escapes");
  EXPECT_EQ(refusal(make({{"d/e", "", "", AE_IFDIR}, {"s", "", "d", AE_IFLNK}, {"s/e/x", "evil"}})), "archive_escapes");
  EXPECT_EQ(refusal(make({{"f", "x"}, {"s", "", "f", AE_IFLNK}, {"s", "evil"}})), "");  // takes the link's place
  take(make({{"f", "x"}, {"s", "", "f", AE_IFLNK}, {"s", "evil"}}));
  EXPECT_EQ(content_of(in("f")), "x");
  EXPECT_EQ(content_of(in("s")), "evil");
}

TEST_F(ArchiveTest, HardLinksWithinAreLinks) {
  take(make({{"d/one", "text"}, {"two", "", "d/one", AE_IFREG, true}}));
  EXPECT_EQ(content_of(in("two")), "text");
  EXPECT_EQ(fs::hard_link_count(in("d/one")), 2u);
}

TEST_F(ArchiveTest, LinksMayPointUpAsFarAsTheyLieDeep) {
  const std::vector<std::string> deep{"a", "b", "link"};
  for (const char* good : {"x", "../x", "../../x", "./../x", "x/y", ".."})
    EXPECT_NO_THROW(check_link(deep, good)) << good;
  for (const char* bad : {"", "/", "../../..", "../../../x", "x/..", "../x/../..", "./x/../y"})
    EXPECT_THROW(check_link(deep, bad), Error) << bad;
}

TEST_F(ArchiveTest, Bombs) {
  const Member zeros{"zeros", std::string(3u << 20, '\0')};
  const ExtractBounds bounds{room(1u << 30).room, 100, 200, 1u << 20};
  for (const char* form : {"zip", "tar.gz", "tar.xz"})
    EXPECT_EQ(refusal(make({zeros}, form), bounds), "archive_bomb") << form;
  EXPECT_EQ(refusal(make({zeros}), bounds), "");
  EXPECT_EQ(refusal(make({{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}}), room(1000)), "quota_exceeded");
  EXPECT_EQ(refusal(make({{"a", std::string(500, 'a')}, {"b", std::string(500, 'b')}}), room(1000)), "");
  // A member that says that it is huge. The library would write all of it, so its head is changed afterwards.
  make({{"huge", "x"}});
  std::string tar = content_of(folder.file("archive"));
  const auto head = tar.find("ustar") - 257;
  tar.replace(head + 124, 12, "77777777777\0", 12);
  tar.replace(head + 148, 8, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(tar[head + i]);
  char text[9];
  std::snprintf(text, sizeof text, "%06o", sum);
  tar.replace(head + 148, 8, std::string(text, 6) + std::string("\0 ", 2));
  put(folder.file("archive"), tar);
  EXPECT_EQ(refusal(folder.file("archive")), "archive_bomb");
  EXPECT_EQ(refusal(make({{"a"}, {"b"}, {"c"}}), {room(1000).room, 2}), "archive_too_large");
  EXPECT_EQ(refusal(make({{"a"}, {"b"}}), {room(1000).room, 2}), "");
}

TEST_F(ArchiveTest, WhatIsNoArchive) {
  put(folder.file("archive"), "no archive at all\n");
  EXPECT_EQ(refusal(folder.file("archive")), "bad_archive");
  put(folder.file("archive"), "");
  EXPECT_NE(refusal(folder.file("archive")), "");
  for (const char* form : {"tar", "tar.gz", "tar.xz", "zip"}) {
    std::string text(100'000, ' ');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i * 31 >> 3);
    make({{"a", text}, {"b", text}}, form);
    const std::string whole = content_of(folder.file("archive"));
    put(folder.file("archive"), whole.substr(0, whole.size() / 2));
    EXPECT_EQ(refusal(folder.file("archive")), "bad_archive") << form;
  }
}

TEST_F(ArchiveTest, WhatIsThereIsNotReplaced) {
  fs::create_directory(folder.file("upload/x"));
  put(in("kept"), "kept");
  try {
    take(make({{"kept", "other"}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), 409);
  }
  EXPECT_EQ(content_of(in("kept")), "kept");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.file("upload")), fs::directory_iterator()), 1);
}

TEST_F(ArchiveTest, PackedAndExtractedIsTheSame) {
  fs::create_directories(folder.file("from/a/empty"));
  std::map<std::string, std::string> files{{"a/one.txt", "one"}, {"new\nline", "x"}, {"bad\xff\xfe", "y"},
                                           {"ä/ö.txt", "z"},     {"none", ""},       {std::string(200, 'n'), "long"}};
  files["big"] = std::string(5'000'000, 'b');
  for (const auto& [name, content] : files) {
    fs::create_directories(fs::path(folder.file("from/" + name)).parent_path());
    put(folder.file("from/" + name), content);
  }
  fs::create_symlink("a/one.txt", folder.file("from/link"));
  ASSERT_EQ(::mkfifo(folder.file("from/pipe").c_str(), 0600), 0);
  for (const auto kind : {ArchiveKind::tar, ArchiveKind::zip}) {
    Packed told;
    take(packed("from", kind, &told));
    EXPECT_EQ(told.left_out, 1u);
    for (const auto& [name, content] : files) {
      const bool told_otherwise = kind == ArchiveKind::zip && name == "bad\xff\xfe";
      EXPECT_TRUE(content_of(in("top/" + (told_otherwise ? "bad\\xff\\xfe" : name))) == content) << name;
    }
    EXPECT_TRUE(fs::is_directory(in("top/a/empty")));
    EXPECT_EQ(fs::read_symlink(in("top/link")), "a/one.txt");
    fs::remove_all(folder.file("upload/x"));
  }
}

TEST_F(ArchiveTest, AFileThatChangesIsNeverSentFalse) {
  fs::create_directory(folder.file("from"));
  put(folder.file("from/big"), std::string(20'000'000, 'a'));
  const berth::Fd from(::open(folder.file("from").c_str(), O_RDONLY | O_DIRECTORY));
  bool touched = false;
  const auto put_piece = [&](std::string_view) {
    if (!touched) {
      const berth::Fd file(::open(folder.file("from/big").c_str(), O_WRONLY));
      EXPECT_EQ(::pwrite(file.get(), "b", 1, 19'000'000), 1);
    }
    return touched = true;
  };
  EXPECT_THROW(pack(from.get(), "t", ArchiveKind::tar, put_piece), Error);
  touched = false;
  const auto shrink = [&](std::string_view) {
    if (!touched) fs::resize_file(folder.file("from/big"), 1000);
    return touched = true;
  };
  EXPECT_THROW(pack(from.get(), "t", ArchiveKind::tar, shrink), Error);
}

TEST_F(ArchiveTest, NobodyReadsAnyMore) {
  fs::create_directory(folder.file("from"));
  std::mt19937 random;
  std::string noise(1'000'000, ' ');
  for (char& c : noise) c = static_cast<char>(random());
  for (int i = 0; i < 5; ++i) put(folder.file("from/f" + std::to_string(i)), noise);
  const berth::Fd from(::open(folder.file("from").c_str(), O_RDONLY | O_DIRECTORY));
  for (const auto kind : {ArchiveKind::tar, ArchiveKind::zip}) {
    int pieces = 0;
    const Packed done = pack(from.get(), "t", kind, [&](std::string_view piece) {
      EXPECT_LE(piece.size(), 64u << 10);
      return ++pieces < 2;
    });
    EXPECT_FALSE(done.whole);
    EXPECT_EQ(pieces, 2);
  }
}

}  // namespace
}  // namespace workspace
