// Rules of drawings and charts: ids, relationships, images, axes, series and points.
#include "draw_kit.hpp"
#include "image_bytes.hpp"
#include "word/rules.hpp"

namespace {

std::string picture(const std::string& id, const std::string& blip) {
  return "<xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"" + id + "\" name=\"n\"/></xdr:nvPicPr><xdr:blipFill><a:blip " + blip +
         "/></xdr:blipFill></xdr:pic>";
}

kit::Lines of_drawing(const std::string& inside, const std::string& image = "\x89PNG\r\n\x1A\n....") {
  return kit::of_part("drawing+xml", "<xdr:wsDr" + kit::drawing_spaces + ">" + inside + "</xdr:wsDr>", false, image);
}

std::string axis(const std::string& kind, const std::string& id, const std::string& cross) {
  return "<c:" + kind + "><c:axId val=\"" + id + "\"/><c:crossAx val=\"" + cross + "\"/></c:" + kind + ">";
}

TEST(DrawingRulesTest, IdsAreThereOnce) {
  EXPECT_EQ(of_drawing(picture("1", "") + picture("2", "")), kit::Lines{});
  EXPECT_EQ(of_drawing(picture("1", "") + picture("01", "")), kit::Lines{"duplicate-id xdr:cNvPr[1]"});
  EXPECT_EQ(of_drawing(picture("x", "") + picture("x", "")), kit::Lines{});  // the grammar's
}

TEST(DrawingRulesTest, RelationshipsLeadToWhatIsMeant) {
  EXPECT_EQ(of_drawing(picture("1", "r:embed=\"rId1\"")), kit::Lines{});
  EXPECT_EQ(of_drawing(picture("1", "r:embed=\"\" r:link=\"rId7\"")),
            kit::Lines{});  // what is not there is the grammar's
  EXPECT_EQ(of_drawing(picture("1", "r:embed=\"rId2\"")), kit::Lines{"wrong-relationship-type a:blip[1]"});
  EXPECT_EQ(of_drawing("<c:chart r:id=\"rId1\"/>"), kit::Lines{"wrong-relationship-type c:chart[1]"});
}

// Told twice where a domain and what it reads with both let them read along.
TEST(DrawingRulesTest, ADomainTellsOnce) {
  kit::Document document;
  document.parts["word/document.xml"] = "<d" + kit::drawing_spaces + "><c:chart r:id=\"rId1\"/></d>";
  ooxml::Findings findings;
  auto package = kit::open_package(document.text(), findings);
  auto rules = ooxml::word_rules();
  ooxml::look(*package, rules.get(), {}, findings);
  int told = 0;
  for (const auto& one : findings.kept()) told += one.code == "wrong-relationship-type" ? 1 : 0;
  EXPECT_EQ(told, 1);
}

TEST(DrawingRulesTest, ImagesAreWhatTheySay) {
  EXPECT_EQ(of_drawing(picture("1", "r:embed=\"rId1\""), "no image at all"), kit::Lines{"bad-image a:blip[1]"});
  EXPECT_EQ(of_drawing(picture("1", "r:embed=\"rId1\"") + picture("2", "r:embed=\"rId1\""), "GIF89a..."),
            kit::Lines{"image-type a:blip[1]"});
}

TEST(DrawingRulesTest, ImagesAreKnownByTheirFirstBytes) {
  EXPECT_EQ(ooxml::image_kind(""), "");
  EXPECT_EQ(ooxml::image_kind("\xFF\xD8\xFF\xE0"), "jpeg");
  EXPECT_EQ(ooxml::image_kind(std::string(40, 'x') + " EMF...."), "emf");
  EXPECT_EQ(ooxml::image_kind("\xEF\xBB\xBF  <svg xmlns"), "svg");
  EXPECT_EQ(ooxml::image_kind("<?xml version"), "xml");
  EXPECT_EQ(ooxml::image_kind("BM"), "bmp");
  EXPECT_EQ(ooxml::image_kind("B"), "");
  EXPECT_EQ(ooxml::image_kind_of_type("image/jpg"), "jpeg");
  EXPECT_EQ(ooxml::image_kind_of_type("text/plain"), "");
}

TEST(ChartRulesTest, AxesBelongTogether) {
  const std::string chart = "<c:barChart><c:axId val=\"1\"/><c:axId val=\"2\"/><c:axId val=\"0\"/></c:barChart>";
  EXPECT_EQ(kit::of_chart(chart + axis("catAx", "1", "2") + axis("valAx", "2", "1"), false), kit::Lines{});
  EXPECT_EQ(kit::of_chart(chart + axis("catAx", "1", "3") + axis("valAx", "3", "1"), false),
            kit::Lines{"missing-axis c:axId[2]"});
  EXPECT_EQ(kit::of_chart(chart + axis("catAx", "1", "7") + axis("valAx", "2", "1"), false),
            kit::Lines{"missing-axis c:crossAx[1]"});
  EXPECT_EQ(kit::of_chart(chart + axis("catAx", "1", "2") + axis("valAx", "2", "1") + axis("valAx", "2", "1"), false),
            kit::Lines{"duplicate-axis c:axId[1]"});
}

TEST(ChartRulesTest, SeriesAndPointsAreCountedRight) {
  const std::string one = "<c:ser><c:idx val=\"0\"/><c:order val=\"0\"/></c:ser>";
  EXPECT_EQ(kit::of_chart("<c:pieChart>" + one + one + "</c:pieChart>", false),
            (kit::Lines{"duplicate-series c:idx[1]", "duplicate-series c:order[1]"}));
  auto points = [](const std::string& inside) {
    return kit::of_chart("<c:pieChart><c:ser><c:val><c:numRef><c:numCache>" + inside +
                             "</c:numCache></c:numRef></c:val></c:ser></c:pieChart>",
                         false);
  };
  EXPECT_EQ(points("<c:ptCount val=\"2\"/><c:pt idx=\"0\"/><c:pt idx=\"1\"/>"), kit::Lines{});
  EXPECT_EQ(points("<c:ptCount val=\"2\"/><c:pt idx=\"2\"/>"), kit::Lines{"point-index c:pt[1]"});
  EXPECT_EQ(points("<c:pt idx=\"2\"/><c:pt idx=\"2\"/>"), kit::Lines{"point-order c:pt[2]"});
}

}  // namespace
