// Word's rules of tables, of what may stand where, and of values.
#include "word_kit.hpp"

namespace {

using Told = std::vector<std::string>;

std::string table(const std::string& rows, const std::string& grid = "<w:gridCol/><w:gridCol/>") {
  return "<w:tbl><w:tblPr/><w:tblGrid>" + grid + "</w:tblGrid>" + rows + "</w:tbl>";
}

const std::string cell = "<w:tc><w:p/></w:tc>";

TEST(WordTablesTest, RowsFillTheGrid) {
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + cell + "</w:tr>")), Told{});
  EXPECT_EQ(kit::of_word(table("<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p/></w:tc></w:tr>")), Told{});
  EXPECT_EQ(kit::of_word(table("<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + cell + "</w:tr>")), Told{});
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + cell + cell + "</w:tr>")), Told{"grid-disagrees w:tr[1]"});
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + "</w:tr>")), Told{"grid-disagrees w:tr[1]"});
}

TEST(WordTablesTest, CellsEndWithAParagraph) {
  const std::string inner = table("<w:tr>" + cell + cell + "</w:tr>");
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + "<w:tc/></w:tr>")), Told{"cell-without-paragraph w:tc[2]"});
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + "<w:tc>" + inner + "</w:tc></w:tr>")),
            Told{"cell-without-paragraph w:tc[2]"});
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cell + "<w:tc>" + inner + "<w:p/></w:tc></w:tr>")), Told{});
}

TEST(WordTablesTest, TablesHaveRowsAndRowsHaveCells) {
  EXPECT_EQ(kit::of_word(table("")), Told{"table-without-rows w:tbl[1]"});
  EXPECT_EQ(kit::of_word(table("<w:tr/>")), Told{"row-without-cells w:tr[1]"});
  EXPECT_EQ(kit::of_word("<w:tbl><w:tblPr/><w:tr>" + cell + "</w:tr></w:tbl>"), Told{"table-without-grid w:tbl[1]"});
}

TEST(WordTablesTest, ARowHasNoMoreCellsThanWordCanHave) {
  std::string cells, grid;
  for (int i = 0; i < 64; ++i) {
    cells += cell;
    grid += "<w:gridCol/>";
  }
  EXPECT_EQ(kit::of_word(table("<w:tr>" + cells + "</w:tr>", grid)), Told{"too-many-cells w:tr[1]"});
}

TEST(WordPlacesTest, DeletedTextIsWrittenAsSuch) {
  auto deleted = [](const std::string& run) {
    return "<w:p><w:del w:id=\"1\" w:author=\"a\"><w:r>" + run + "</w:r></w:del></w:p>";
  };
  EXPECT_EQ(kit::of_word(deleted("<w:delText>a</w:delText>")), Told{});
  EXPECT_EQ(kit::of_word(deleted("<w:t>a</w:t>")), Told{"text-in-deletion w:t[1]"});
  EXPECT_EQ(kit::of_word("<w:p><w:r><w:delText>a</w:delText></w:r></w:p>"), Told{"deleted-text-outside w:delText[1]"});
}

TEST(WordPlacesTest, NotesAreReferredToInTheBodyAlone) {
  const std::string meant = "<w:p><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>";
  const std::string note = "<w:footnote w:id=\"1\"><w:p/></w:footnote>";
  EXPECT_EQ(kit::of_word(meant, {{"footnotes", note}}), Told{});
  EXPECT_EQ(kit::of_word("<w:p/>", {{"footnotes", note}, {"header", meant}}),
            Told{"note-in-wrong-place w:footnoteReference[1]"});
}

TEST(WordPlacesTest, BoxesAreNotNested) {
  EXPECT_EQ(
      kit::of_word(
          "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:pict><w:txbxContent/></w:pict></w:r></w:p></w:txbxContent>"
          "</w:pict></w:r></w:p>"),
      Told{"box-in-box w:txbxContent[1]"});
}

TEST(WordPlacesTest, OneHeaderOfEachType) {
  const std::string header = "<w:headerReference w:type=\"default\" r:id=\"header\"/>";
  EXPECT_EQ(
      kit::of_word("<w:p><w:pPr><w:sectPr>" + header + header + "</w:sectPr></w:pPr></w:p>", {{"header", "<w:p/>"}}),
      Told{"duplicate-header w:headerReference[2]"});
}

TEST(WordPlacesTest, IdsThatWordReplacesAreHints) {
  EXPECT_EQ(kit::of_word("<w:p w14:paraId=\"00000001\"/><w:p w14:paraId=\"00000001\"/>"),
            Told{"duplicate-paragraph-id w:p[2]"});
  const std::string control =
      "<w:sdt><w:sdtPr><w:id w:val=\"1\"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>";
  EXPECT_EQ(kit::of_word(control + control), Told{"duplicate-control-id w:id[1]"});
}

TEST(WordValuesTest, AreWithinTheirBounds) {
  EXPECT_EQ(kit::of_word("<w:p w14:paraId=\"00000000\"/>"), Told{"value-out-of-range w:p[1]"});
  EXPECT_EQ(kit::of_word("<w:p w14:textId=\"80000000\"/>"), Told{"value-out-of-range w:p[1]"});
  EXPECT_EQ(kit::of_word("<w:p><w:pPr><w:outlineLvl w:val=\"9\"/></w:pPr></w:p>"), Told{});
  EXPECT_EQ(kit::of_word("<w:p><w:pPr><w:outlineLvl w:val=\"10\"/></w:pPr></w:p>"),
            Told{"value-out-of-range w:outlineLvl[1]"});
  EXPECT_EQ(
      kit::of_word("<w:p/>",
                   {{"settings", "<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:val=\"16\"/></w:compat>"}}),
      Told{"unknown-mode w:compatSetting[1]"});
}

TEST(WordGrammarTest, OrderAndCardinality) {
  EXPECT_EQ(kit::of_word(
                "<w:p><w:pPr><w:keepNext/><w:jc w:val=\"both\"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val=\"24\"/></w:rPr>"
                "<w:t>a</w:t></w:r></w:p>",
                {}, true),
            Told{});
  EXPECT_EQ(kit::of_word("<w:p><w:r><w:rPr><w:sz w:val=\"24\"/><w:b/></w:rPr></w:r></w:p>", {}, true).size(), 1U);
  EXPECT_EQ(kit::of_word("<w:p><w:r><w:rPr><w:b/><w:b/></w:rPr></w:r></w:p>", {}, true).size(), 1U);
  EXPECT_EQ(kit::of_word("<w:tbl><w:tr/></w:tbl>", {}, true).size(), 1U);
  EXPECT_EQ(kit::of_word("<w:p><w:pPr><w:jc w:val=\"middle\"/></w:pPr></w:p>", {}, true).size(), 1U);
}

}  // namespace
