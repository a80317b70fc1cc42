// PDFs as the browser writes them, in their bare bones.
#include "pdf_report.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace browser::test {

namespace {

std::string object(int number, const std::string& content) {
  return "\n" + std::to_string(number) + " 0 obj\n" + content + "\nendobj";
}

std::string page(int number, int contents) {
  return object(number, "<</Type /Page\n/Contents " + std::to_string(contents) + " 0 R>>");
}

std::string content(int number, const std::string& drawn) {
  std::string packed(drawn.size() + 100, '\0');
  uLongf size = packed.size();
  ::compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(drawn.data()),
             drawn.size());
  packed.resize(size);
  return object(number, "<</Filter /FlateDecode>> stream\n" + packed + "\nendstream");
}

}  // namespace

TEST(PdfReport, NamesPagesThatNothingIsOn) {
  const std::string pdf = "%PDF-1.4" + page(1, 11) + content(11, "q BT <01> Tj ET Q") + page(2, 12) +
                          content(12, "q 1 1 1 rg 0 0 9 9 re f Q") + page(3, 13) + content(13, "q /X1 Do Q") +
                          page(4, 14) + content(14, "") + object(9, "<</Type /Pages /Kids [1 0 R]>>");
  const PdfPages pages = pages_of(pdf);
  EXPECT_EQ(pages.count, 4);
  EXPECT_EQ(pages.blank, (std::vector<int>{2, 4}));
}

TEST(PdfReport, BearsWhatIsNoPdf) {
  EXPECT_EQ(pages_of("").count, 0);
  EXPECT_EQ(pages_of("/Type /Page").count, 1);
  EXPECT_EQ(pages_of("/Type /Page /Contents 999999999999 0 R\nendobj").blank.size(), 1u);
  EXPECT_EQ(pages_of(page(1, 2) + object(2, "<<>> stream\nno zip at all\nendstream")).blank.size(), 1u);
}

}  // namespace browser::test
