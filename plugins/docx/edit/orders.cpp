// ECMA-376 part 1, as far as it is a sequence.
#include "edit/orders.hpp"

#include <map>

namespace docx {

namespace {

using Order = std::vector<std::string_view>;

const Order& paragraph_order() {
  static const Order order{"pStyle",
                           "keepNext",
                           "keepLines",
                           "pageBreakBefore",
                           "framePr",
                           "widowControl",
                           "numPr",
                           "suppressLineNumbers",
                           "pBdr",
                           "shd",
                           "tabs",
                           "suppressAutoHyphens",
                           "kinsoku",
                           "wordWrap",
                           "overflowPunct",
                           "topLinePunct",
                           "autoSpaceDE",
                           "autoSpaceDN",
                           "bidi",
                           "adjustRightInd",
                           "snapToGrid",
                           "spacing",
                           "ind",
                           "contextualSpacing",
                           "mirrorIndents",
                           "suppressOverlap",
                           "jc",
                           "textDirection",
                           "textAlignment",
                           "textboxTightWrap",
                           "outlineLvl",
                           "divId",
                           "cnfStyle",
                           "rPr",
                           "sectPr",
                           "pPrChange"};
  return order;
}

const Order& run_order() {
  static const Order order{"ins",
                           "del",
                           "moveFrom",
                           "moveTo",
                           "rStyle",
                           "rFonts",
                           "b",
                           "bCs",
                           "i",
                           "iCs",
                           "caps",
                           "smallCaps",
                           "strike",
                           "dstrike",
                           "outline",
                           "shadow",
                           "emboss",
                           "imprint",
                           "noProof",
                           "snapToGrid",
                           "vanish",
                           "webHidden",
                           "color",
                           "spacing",
                           "w",
                           "kern",
                           "position",
                           "sz",
                           "szCs",
                           "highlight",
                           "u",
                           "effect",
                           "bdr",
                           "shd",
                           "fitText",
                           "vertAlign",
                           "rtl",
                           "cs",
                           "em",
                           "lang",
                           "eastAsianLayout",
                           "specVanish",
                           "oMath",
                           "rPrChange"};
  return order;
}

const std::map<std::string_view, Order>& orders() {
  static const std::map<std::string_view, Order> all{
      {"pPr", paragraph_order()},
      {"rPr", run_order()},
      {"tbl", {"tblPr", "tblGrid", "tr"}},
      {"tblPr",
       {"tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
        "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption",
        "tblDescription", "tblPrChange"}},
      {"tcPr",
       {"cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
        "tcFitText", "vAlign", "hideMark", "headers", "cellIns", "cellDel", "cellMerge", "tcPrChange"}},
      {"sectPr",
       {"headerReference", "footnotePr",    "endnotePr", "type",      "pgSz",     "pgMar",           "paperSrc",
        "pgBorders",       "lnNumType",     "pgNumType", "cols",      "formProt", "vAlign",          "noEndnote",
        "titlePg",         "textDirection", "bidi",      "rtlGutter", "docGrid",  "printerSettings", "sectPrChange"}},
      {"style", {"name",          "aliases",
                 "basedOn",       "next",
                 "link",          "autoRedefine",
                 "hidden",        "uiPriority",
                 "semiHidden",    "unhideWhenUsed",
                 "qFormat",       "locked",
                 "personal",      "personalCompose",
                 "personalReply", "rsid",
                 "pPr",           "rPr",
                 "tblPr",         "trPr",
                 "tcPr",          "tblStylePr"}},
      {"lvl",
       {"start", "numFmt", "lvlRestart", "pStyle", "isLgl", "suff", "lvlText", "lvlPicBulletId", "legacy", "lvlJc",
        "pPr", "rPr"}},
      {"abstractNum", {"nsid", "multiLevelType", "tmpl", "name", "styleLink", "numStyleLink", "lvl"}},
      {"numbering", {"numPicBullet", "abstractNum", "num", "numIdMacAtCleanup"}},
      {"tblBorders", {"top", "left", "start", "bottom", "right", "end", "insideH", "insideV"}},
      {"tcBorders", {"top", "left", "start", "bottom", "right", "end", "insideH", "insideV", "tl2br", "tr2bl"}},
      {"pBdr", {"top", "left", "bottom", "right", "between", "bar"}},
      {"tcMar", {"top", "left", "start", "bottom", "right", "end"}},
      {"tblCellMar", {"top", "left", "start", "bottom", "right", "end"}},
      {"numPr", {"ilvl", "numId", "numberingChange", "ins"}}};
  return all;
}

}  // namespace

const std::vector<std::string_view>* order_of(const Tree& tree, std::uint32_t node) {
  if (tree.at(node).space != Space::w) return nullptr;
  const auto at = orders().find(tree.at(node).local);
  return at == orders().end() ? nullptr : &at->second;
}

}  // namespace docx
