// A relationship's type tells what part it leads to, and the content types tell it, too (ECMA-376 part 1, 11.3, 12.3,
// 14.2, 15.2; MS-DOCX, MS-XLSX and MS-ODRAWXML for those that came later). Office opens no part whose content type is
// another one.
#include "package_shape.hpp"

#include <algorithm>
#include <string>

namespace ooxml {

namespace {

struct Shape {
  std::string_view relation, content;
};

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define WORD OFFICE "wordprocessingml."
#define SHEET OFFICE "spreadsheetml."
#define DRAWING OFFICE "drawingml."
// What may be one of several stands there several times.
constexpr Shape shapes[] = {
    {"calcChain", SHEET "calcChain+xml"},
    {"chart", DRAWING "chart+xml"},
    {"chartColorStyle", "application/vnd.ms-office.chartcolorstyle+xml"},
    {"chartEx", "application/vnd.ms-office.chartex+xml"},
    {"chartStyle", "application/vnd.ms-office.chartstyle+xml"},
    {"chartUserShapes", DRAWING "chartshapes+xml"},
    {"chartsheet", SHEET "chartsheet+xml"},
    {"comments", WORD "comments+xml"},
    {"comments", SHEET "comments+xml"},
    {"comments", OFFICE "presentationml.comments+xml"},
    {"commentsExtended", WORD "commentsExtended+xml"},
    {"commentsIds", WORD "commentsIds+xml"},
    {"connections", SHEET "connections+xml"},
    {"core-properties", "application/vnd.openxmlformats-package.core-properties+xml"},
    {"ctrlProp", "application/vnd.ms-excel.controlproperties+xml"},
    {"custom-properties", OFFICE "custom-properties+xml"},
    {"customXmlProps", OFFICE "customXmlProperties+xml"},
    {"diagramColors", DRAWING "diagramColors+xml"},
    {"diagramData", DRAWING "diagramData+xml"},
    {"diagramLayout", DRAWING "diagramLayout+xml"},
    {"diagramQuickStyle", DRAWING "diagramStyle+xml"},
    {"drawing", OFFICE "drawing+xml"},
    {"endnotes", WORD "endnotes+xml"},
    {"extended-properties", OFFICE "extended-properties+xml"},
    {"externalLink", SHEET "externalLink+xml"},
    {"fontTable", WORD "fontTable+xml"},
    {"footer", WORD "footer+xml"},
    {"footnotes", WORD "footnotes+xml"},
    {"glossaryDocument", WORD "document.glossary+xml"},
    {"header", WORD "header+xml"},
    {"numbering", WORD "numbering+xml"},
    {"people", WORD "people+xml"},
    {"person", "application/vnd.ms-excel.person+xml"},
    {"pivotCacheDefinition", SHEET "pivotCacheDefinition+xml"},
    {"pivotCacheRecords", SHEET "pivotCacheRecords+xml"},
    {"pivotTable", SHEET "pivotTable+xml"},
    {"queryTable", SHEET "queryTable+xml"},
    {"settings", WORD "settings+xml"},
    {"sharedStrings", SHEET "sharedStrings+xml"},
    {"sheetMetadata", SHEET "sheetMetadata+xml"},
    {"slicer", "application/vnd.ms-excel.slicer+xml"},
    {"slicerCache", "application/vnd.ms-excel.slicerCache+xml"},
    {"styles", WORD "styles+xml"},
    {"styles", SHEET "styles+xml"},
    {"stylesWithEffects", "application/vnd.ms-word.stylesWithEffects+xml"},
    {"table", SHEET "table+xml"},
    {"tableSingleCells", SHEET "tableSingleCells+xml"},
    {"theme", OFFICE "theme+xml"},
    {"themeOverride", OFFICE "themeOverride+xml"},
    {"threadedComment", "application/vnd.ms-excel.threadedcomments+xml"},
    {"vbaProject", "application/vnd.ms-office.vbaProject"},
    {"vmlDrawing", OFFICE "vmlDrawing"},
    {"volatileDependencies", SHEET "volatileDependencies+xml"},
    {"webSettings", WORD "webSettings+xml"},
    {"worksheet", SHEET "worksheet+xml"},
};
#undef OFFICE
#undef WORD
#undef SHEET
#undef DRAWING

constexpr std::string_view once[] = {"calcChain",
                                     "chartUserShapes",
                                     "comments",
                                     "commentsExtended",
                                     "commentsIds",
                                     "connections",
                                     "core-properties",
                                     "custom-properties",
                                     "customXmlProps",
                                     "drawing",
                                     "endnotes",
                                     "extended-properties",
                                     "fontTable",
                                     "footnotes",
                                     "glossaryDocument",
                                     "numbering",
                                     "people",
                                     "pivotCacheRecords",
                                     "settings",
                                     "sharedStrings",
                                     "sheetMetadata",
                                     "styles",
                                     "stylesWithEffects",
                                     "tableSingleCells",
                                     "theme",
                                     "themeOverride",
                                     "vbaProject",
                                     "volatileDependencies",
                                     "webSettings"};

bool same_type(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return small(x) == small(y); });
}

}  // namespace

bool fits(std::string_view relation_type, std::string_view content_type) {
  const auto first = std::find_if(std::begin(shapes), std::end(shapes),
                                  [&](const Shape& one) { return one.relation == relation_type; });
  if (first == std::end(shapes)) return true;
  content_type = content_type.substr(0, content_type.find_first_of("; "));
  for (const auto* one = first; one != std::end(shapes) && one->relation == relation_type; ++one)
    if (same_type(one->content, content_type)) return true;
  return false;
}

std::string_view content_type_for(std::string_view relation_type) {
  const auto* found = std::find_if(std::begin(shapes), std::end(shapes),
                                   [&](const Shape& one) { return one.relation == relation_type; });
  return found == std::end(shapes) ? std::string_view() : found->content;
}

bool stands_once(std::string_view relation_type) {
  return std::find(std::begin(once), std::end(once), relation_type) != std::end(once);
}

}  // namespace ooxml
