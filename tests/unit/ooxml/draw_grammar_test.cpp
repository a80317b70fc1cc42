// The grammar of drawings and charts as it is built in: facts of it that are easily lost.
#include "draw_kit.hpp"

namespace {

kit::Lines formatted_chart(const std::string& properties) {
  return kit::of_part("drawingml.chart+xml",
                      "<c:chartSpace" + kit::drawing_spaces +
                          "><c:chart><c:plotArea><c:pieChart/></c:plotArea></c:chart><c:spPr>" + properties +
                          "</c:spPr></c:chartSpace>",
                      true);
}

TEST(DrawingGrammarTest, OrderAndBounds) {
  EXPECT_EQ(formatted_chart("<a:noFill/><a:ln w=\"20116800\"/>"), kit::Lines{});
  EXPECT_EQ(formatted_chart("<a:ln/><a:noFill/>"), kit::Lines{"unexpected-element c:spPr[1]"});
  EXPECT_EQ(formatted_chart("<a:ln w=\"20116801\"/>"), kit::Lines{"bad-value a:ln[1]"});
  EXPECT_EQ(formatted_chart("<a:xfrm><a:off x=\"1in\" y=\"0\"/></a:xfrm>"), kit::Lines{"bad-value a:off[1]"});
  EXPECT_EQ(formatted_chart("<a:solidFill><a:srgbClr val=\"ff00\"/></a:solidFill>"),
            kit::Lines{"bad-value a:srgbClr[1]"});
  EXPECT_EQ(formatted_chart("<a:solidFill/>"), kit::Lines{});
  EXPECT_EQ(formatted_chart("<a:prstGeom prst=\"circle\"/>"), kit::Lines{"bad-value a:prstGeom[1]"});
}

TEST(DrawingGrammarTest, ChartsHaveAxesAndValues) {
  EXPECT_EQ(kit::of_chart("", true).size(), 1u);
  EXPECT_EQ(kit::of_chart("<c:barChart><c:barDir val=\"col\"/><c:axId val=\"1\"/></c:barChart>", true).size(), 1u);
  EXPECT_EQ(kit::of_chart("<c:doughnutChart/>", true).size(), 1u);
  EXPECT_EQ(kit::of_chart("<c:doughnutChart><c:holeSize val=\"50\"/></c:doughnutChart>", true), kit::Lines{});
}

// Each chart of Excel 365 has this; the judge objects, and Office does not.
TEST(DrawingGrammarTest, WhatExcelWrites) {
  EXPECT_EQ(kit::of_part("drawingml.chart+xml",
                         "<c:chartSpace" + kit::drawing_spaces +
                             "><c:chart><c:plotArea><c:pieChart/></c:plotArea><c:extLst><c:ext "
                             "uri=\"{56B9EC1D-385E-4148-901F-78D8002777C0}\">"
                             "<x:dataDisplayOptions16 "
                             "xmlns:x=\"http://schemas.microsoft.com/office/drawing/2017/03/chart\"><x:dispNaAsBlank "
                             "val=\"1\"/></x:dataDisplayOptions16></c:ext></c:extLst></c:chart></c:chartSpace>",
                         true),
            kit::Lines{});
}

}  // namespace
