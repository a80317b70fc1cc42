// CSV into files: quoted as it must be, as wide as the widest row, each sheet into a file of its own.
#include "csv.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "book_file.hpp"

namespace xlsx {

using berth::Json;

namespace {

const tests::Book& two_sheets() {
  static const tests::Book book{
      {"<sheetData><row r=\"2\"><c r=\"B2\" t=\"str\"><v>a,b \"c\"</v></c></row><row r=\"4\"><c "
       "r=\"A4\"><v>1</v></c><c "
       "r=\"C4\"><f>A4</f><v>2</v></c></row></sheetData>",
       "<sheetData/>"}};
  return book;
}

struct Wrote {
  Json answer;
  std::vector<std::pair<std::string, std::string>> files;
};
Wrote write(const tests::Book& book, Json input) {
  tests::Memory files(tests::zip(parts_of(book)));
  input["path"] = "a.xlsx";
  Wrote wrote;
  wrote.answer = to_csv({input, files, {}, {}});
  wrote.files = files.written;
  return wrote;
}

}  // namespace

TEST(Csv, WritesASheet) {
  const auto wrote = write(two_sheets(), Json::object());
  ASSERT_EQ(wrote.files.size(), 1U);
  EXPECT_EQ(wrote.files[0].first, "a.csv");
  EXPECT_EQ(wrote.files[0].second, ",,\n,\"a,b \"\"c\"\"\",\n,,\n1,,2\n");
  EXPECT_EQ(wrote.answer["files"][0]["rows"], 4);
  EXPECT_EQ(wrote.answer["files"][0]["range"], "A1:C4");
}

TEST(Csv, WritesARange) {
  EXPECT_EQ(write(two_sheets(), {{"range", "B2:C4"}, {"what", "formulas"}, {"to", "x.csv"}}).files[0].second,
            "\"a,b \"\"c\"\"\",\n,\n,=A4\n");
  EXPECT_EQ(write(two_sheets(), {{"range", "A4"}, {"windows", true}}).files[0].second,
            "\xEF\xBB\xBF"
            "1\r\n");
  EXPECT_EQ(write(two_sheets(), {{"range", "D9"}}).files[0].second, "");
}

TEST(Csv, WritesEachSheetIntoAFile) {
  const auto wrote = write(two_sheets(), {{"all", true}, {"to", "out"}});
  ASSERT_EQ(wrote.files.size(), 2U);
  EXPECT_EQ(wrote.files[0].first, "out/Sheet1.csv");
  EXPECT_EQ(wrote.files[1].first, "out/Sheet2.csv");
  EXPECT_EQ(wrote.files[1].second, "");
}

TEST(Csv, QuotesWhatNeedsIt) {
  const auto quoted = [](std::string_view text, bool all) {
    std::string to;
    put_csv(to, text, true, {',', all, false, false});
    return to;
  };
  EXPECT_EQ(quoted("plain", false), "plain");
  EXPECT_EQ(quoted("plain", true), "\"plain\"");
  EXPECT_EQ(quoted(" edge", false), "\" edge\"");
  EXPECT_EQ(quoted("a\nb", false), "\"a\nb\"");
  EXPECT_EQ(quoted("", false), "");
}

TEST(Csv, RefusesWhatIsNoDelimiter) {
  for (const auto* bad : {"\"", "\n", "ab", ""}) EXPECT_THROW(csv_manner({{"delimiter", bad}}), berth::Error) << bad;
}

TEST(Csv, GivesTheFirstOfTwoCellsInOnePlace) {
  const tests::Book book{
      {"<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row></sheetData>"}};
  EXPECT_EQ(write(book, Json::object()).files[0].second, "1\n");
}

TEST(Csv, HasNoTwoFilesOfOneName) {
  auto parts = parts_of(tests::Book{{"<sheetData/>", "<sheetData/>", "<sheetData/>"}});
  for (auto& [name, text] : parts) {
    if (name != "xl/workbook.xml") continue;
    text.replace(text.find("\"Sheet2\""), 8, "\"Sheet1\"");
    text.replace(text.find("\"Sheet3\""), 8, "\"Sheet1 2\"");
  }
  tests::Memory files(tests::zip(parts));
  const Json input{{"path", "a.xlsx"}, {"all", true}};
  to_csv({input, files, {}, {}});
  ASSERT_EQ(files.written.size(), 3U);
  EXPECT_EQ(files.written[1].first, "a/Sheet1 2.csv");
  EXPECT_EQ(files.written[2].first, "a/Sheet1 2 2.csv");
}

TEST(Csv, MakesTheFolderOnAMachine) {
  char name[] = "/tmp/xlsx-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  const std::string folder = std::string(name) + "/a/b";
  tests::Memory files(tests::zip(parts_of(two_sheets())));
  Json input{{"path", "a.xlsx"}, {"all", true}, {"to", folder}};
  to_csv_here({input, files, {}, {}});
  EXPECT_TRUE(std::filesystem::is_directory(folder));
  EXPECT_EQ(files.written.at(0).first, folder + "/Sheet1.csv");
  std::ofstream(folder + "/file") << "x";
  input["to"] = folder + "/file";
  EXPECT_THROW(to_csv_here({input, files, {}, {}}), berth::Error);
  std::filesystem::remove_all(name);
}

TEST(Csv, DoesNothingToATerminal) {
  EXPECT_EQ(for_terminal("a\tb\x1b[31m\nc\r\nd\re\x7f"), "a\tb\\x1B[31m\nc\r\nd\\x0De\\x7F");
  EXPECT_EQ(for_terminal(""), "");
  EXPECT_EQ(for_terminal("\r\n\n"), "\r\n\n");
}

TEST(Csv, HasValuesOrFormulas) {
  EXPECT_THROW(write(two_sheets(), {{"what", "both"}}), berth::Error);
  EXPECT_THROW(write(two_sheets(), {{"quote", "some"}}), berth::Error);
}

}  // namespace xlsx
