// What is read, in which form, and that no file is too large to be read in part.
#include "read.hpp"

#include <fcntl.h>

#include "content.hpp"
#include "edit.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

class ReadTest : public SeatTest {
 protected:
  Json read(Json more = Json::object()) {
    more["path"] = "output/f";
    return run(&read_file, more);
  }
  std::string refused(Json more = Json::object()) {
    more["path"] = "output/f";
    return refusal(&read_file, more);
  }
  static std::string numbered(int count) {
    std::string all;
    for (int i = 1; i <= count; ++i) all += "line " + std::to_string(i) + "\n";
    return all;
  }
};

TEST_F(ReadTest, Lines) {
  put("output/f", numbered(5000));
  Json all = read();
  EXPECT_EQ(all.at("lines"), usual_lines);
  EXPECT_EQ(all.at("next_line"), usual_lines + 1);
  EXPECT_EQ(all.at("truncated"), true);
  EXPECT_EQ(read({{"from_line", 4999}}).at("text"), "line 4999\nline 5000\n");
  EXPECT_EQ(read({{"from_line", 4999}}).at("truncated"), false);
  const Json part = read({{"from_line", 10}, {"lines", 2}});
  EXPECT_EQ(part.at("text"), "line 10\nline 11\n");
  EXPECT_EQ(part.at("next_line"), 12);
  EXPECT_EQ(read({{"head", 1}}).at("text"), "line 1\n");
  EXPECT_EQ(read({{"tail", 2}}).at("text"), "line 4999\nline 5000\n");
  EXPECT_EQ(read({{"tail", 20000}}).at("lines"), 5000);
  EXPECT_EQ(read({{"tail", 20000}}).at("truncated"), false);
  EXPECT_EQ(read({{"from_line", 6000}}).at("text"), "");
  put("output/f", "no end");
  for (const Json& how : {Json::object(), Json{{"head", 3}}, Json{{"tail", 3}}, Json{{"from", 0}}}) {
    EXPECT_EQ(read(how).at("text"), "no end");
    EXPECT_EQ(read(how).at("truncated"), false);
  }
  put("output/f", "");
  EXPECT_EQ(read().at("text"), "");
  EXPECT_EQ(read({{"tail", 3}}).at("lines"), 0);
}

// All pages together are the file, whatever the length of its lines.
TEST_F(ReadTest, PagesAreTheWhole) {
  std::string all;
  for (int i = 0; i < 700; ++i) all += std::string(static_cast<std::size_t>(i * 7 % 3000), 'x') + "ä\n";
  put("output/f", all);
  std::string got;
  Json page = read();
  int pages = 1;
  for (got = page.at("text"); page.contains("next_line") && pages < 100; ++pages) {
    page = read({{"from_line", page.at("next_line")}});
    got += page.at("text").get<std::string>();
  }
  EXPECT_EQ(got, all);
  EXPECT_GT(pages, 3);
}

TEST_F(ReadTest, ALineThatIsTooLongIsCutAndSaysSo) {
  put("output/f", "short\n" + std::string(most_text + 1, 'x') + "ä\nlast\n");
  const Json first = read();
  EXPECT_EQ(first.at("text"), "short\n");
  EXPECT_EQ(first.at("next_line"), 2);
  const Json second = read({{"from_line", 2}});
  EXPECT_EQ(second.at("cut_line"), 2);
  EXPECT_EQ(second.at("text").get<std::string>().size(), most_text);
  EXPECT_EQ(read({{"from_line", 3}}).at("text"), "last\n");
  EXPECT_EQ(read({{"tail", 5}}).at("text"), "last\n");
}

TEST_F(ReadTest, Bytes) {
  put("output/f", "aäöü");
  EXPECT_EQ(read({{"from", 2}, {"bytes", 4}}).at("text"), "ö");  // without half characters
  EXPECT_EQ(read({{"from", 2}, {"bytes", 4}}).at("from"), 3);
  EXPECT_EQ(read({{"from", 1}, {"bytes", 2}, {"as", "binary"}}).at("base64"), "w6Q=");
  EXPECT_EQ(read({{"from", 100}}).at("bytes"), 0);
  EXPECT_EQ(refused({{"from", 0}, {"head", 1}}), "422 bad_range");
  EXPECT_EQ(refused({{"head", 1}, {"tail", 1}}), "422 bad_range");
  EXPECT_EQ(refused({{"from_line", 1}, {"tail", 1}}), "422 bad_range");
  EXPECT_EQ(refused({{"lines", 1}, {"head", 1}}), "422 bad_range");
}

// A cut is made by who reads; what the file itself begins or ends with is its own, and the end is reached.
TEST_F(ReadTest, BytesWithinACharacter) {
  put("output/f", "aäb");
  const Json half = read({{"from", 1}, {"bytes", 1}});
  EXPECT_EQ(half.at("base64"), "ww==");
  EXPECT_EQ(half.at("bytes"), 1);
  EXPECT_EQ(half.at("from"), 1);
  EXPECT_EQ(read({{"from", 1}, {"bytes", 1}, {"as", "text"}}).at("text"), "\xef\xbf\xbd");
  EXPECT_EQ(read({{"from", 0}, {"bytes", 2}}).at("text"), "a");
  EXPECT_EQ(read({{"from", 0}, {"bytes", 2}}).at("truncated"), true);
  put("output/f", "ab\xc3");
  EXPECT_EQ(read({{"from", 1}}).at("base64"), "YsM=");
  EXPECT_EQ(read({{"from", 1}}).at("truncated"), false);
  put("output/f",
      "\xa4"
      "ab");
  EXPECT_EQ(read({{"from", 0}}).at("base64"), "pGFi");
  EXPECT_EQ(read({{"from", 0}, {"as", "text"}}).at("text"),
            "\xef\xbf\xbd"
            "ab");
}

TEST_F(ReadTest, Images) {
  put("output/f", "\x89PNG\r\n\x1a\n rest");
  const Json image = read();
  EXPECT_EQ(image.at("kind"), "image");
  EXPECT_EQ(image.at("type"), "image/png");
  EXPECT_EQ(from_base64(image.at("base64").get<std::string>()), "\x89PNG\r\n\x1a\n rest");
  put("output/f", "\x89PNG\r\n\x1a\n" + std::string(most_binary, 'x'));
  EXPECT_EQ(refused(), "413 file_too_large");
  EXPECT_EQ(image_type("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(image_type("RIFF....WEBPVP8 "), "image/webp");
  EXPECT_EQ(image_type("GIF89a"), "image/gif");
  EXPECT_EQ(image_type("GIF"), "");
}

TEST_F(ReadTest, WhatIsNoText) {
  put("output/f",
      "a\xff"
      "b");
  EXPECT_EQ(read().at("kind"), "binary");
  EXPECT_EQ(read({{"as", "text"}}).at("text"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(read({{"as", "text"}}).at("lossy"), true);
  EXPECT_EQ(refused({{"head", 1}}), "422 not_text");
  put("output/f", std::string("a\0b", 3));
  EXPECT_EQ(read().at("base64"), "YQBi");
  put("output/f", std::string(8191, 'x') + "ä");  // a character across the end of what is looked at
  EXPECT_EQ(read().at("kind"), "text");
}

TEST_F(ReadTest, FiveGigabytesOfNothing) {
  put("output/f", "begin\n");
  const berth::Fd file(::open(at("output/f").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::ftruncate(file.get(), 5ll << 30), 0);
  ASSERT_EQ(::pwrite(file.get(), "\nend", 4, (5ll << 30) - 4), 4);
  EXPECT_EQ(refused(), "413 file_too_large");
  EXPECT_EQ(refused({{"as", "binary"}}), "413 file_too_large");
  EXPECT_EQ(read({{"head", 1}}).at("text"), "begin\n");
  EXPECT_EQ(read({{"tail", 1}}).at("text"), "end");
  EXPECT_EQ(read({{"from", (5ll << 30) - 3}}).at("text"), "end");
  EXPECT_EQ(read({{"from", 1ll << 32}, {"bytes", 3}}).at("base64"), "AAAA");
  EXPECT_EQ(refused({{"from_line", 3}}), "413 file_too_large");
  EXPECT_EQ(refusal(&edit_file, {{"path", "output/f"}, {"edits", Json::array()}}), "413 file_too_large");
  try {
    read();
  } catch (const berth::Error& error) {
    EXPECT_NE(error.hint().find("from and bytes"), std::string::npos);
  }
}

}  // namespace
}  // namespace workspace
