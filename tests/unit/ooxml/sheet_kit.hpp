// Workbooks for tests: parts as text, with what leads to them; and what the rules found in them, as text.
#pragma once

#include <map>
#include <string>

#include "look.hpp"
#include "package_kit.hpp"
#include "sheet/rules.hpp"

namespace kit {

inline const std::string sheet_types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

inline std::string sheet_part(const std::string& root, const std::string& inside, const std::string& attributes = "") {
  return "<" + root +
         " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
         "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "
         "xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" "
         "xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\" " +
         attributes + ">" + inside + "</" + root + ">";
}

struct Workbook {
  std::string sheets = "<sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/>";
  std::string before{}, after{};  // in the workbook, around its sheets
  std::string sheet = "<sheetData/>";
  std::string styles =
      "<fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellStyleXfs><xf/></"
      "cellStyleXfs><cellXfs><xf/><xf/></cellXfs>";
  std::string strings{};
  struct More {
    std::string root, inside, attributes, type, relation, of;  // `of`: "workbook" or "sheet"
  };
  std::map<std::string, More> more{};  // by a name such as "table1"
  std::string sheet_relations{};

  // "code[ name]; …" of all that the rules find, in the order in which it was found.
  std::string found() const {
    std::map<std::string, std::string> parts;
    std::string types =
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
        "ContentType=\"application/xml\"/>" +
        override_of("/xl/workbook.xml", sheet_types + "sheet.main+xml") +
        override_of("/xl/sheet1.xml", sheet_types + "worksheet+xml");
    std::string of_book = relation("rId1", "worksheet", "sheet1.xml"), of_sheet = sheet_relations;
    auto add = [&](const std::string& name, const More& one) {
      parts["xl/" + name + ".xml"] = sheet_part(one.root, one.inside, one.attributes);
      types += override_of("/xl/" + name + ".xml", one.type);
      (one.of == "sheet" ? of_sheet : of_book) += relation("more_" + name, one.relation, name + ".xml");
    };
    if (!styles.empty()) add("styles", {"styleSheet", styles, "", sheet_types + "styles+xml", "styles", "workbook"});
    if (!strings.empty())
      add("strings", {"sst", strings, "", sheet_types + "sharedStrings+xml", "sharedStrings", "workbook"});
    for (const auto& [name, one] : more) add(name, one);
    parts["[Content_Types].xml"] = types + "</Types>";
    parts["_rels/.rels"] = relations(relation("rId1", "officeDocument", "xl/workbook.xml"));
    parts["xl/_rels/workbook.xml.rels"] = relations(of_book);
    parts["xl/_rels/sheet1.xml.rels"] = relations(of_sheet);
    parts["xl/workbook.xml"] = sheet_part("workbook", before + "<sheets>" + sheets + "</sheets>" + after);
    parts["xl/sheet1.xml"] = sheet_part("worksheet", sheet);
    Zip zip;
    for (const auto& [name, part] : parts) zip.files.push_back(file(name, part));
    ooxml::Findings findings;
    auto package = open_package(zip.text(), findings);
    if (package == nullptr) return "no package";
    auto rules = ooxml::sheet_rules();
    ooxml::LookOptions options;
    options.grammar = false;
    ooxml::look(*package, rules.get(), options, findings);
    std::string told;
    for (const auto& one : findings.kept()) {
      if (one.layer != ooxml::Layer::semantic && one.layer != ooxml::Layer::rule) continue;
      told += (told.empty() ? "" : "; ") + one.code + (one.name.empty() ? "" : " " + one.name);
    }
    return told;
  }
  static std::string of_sheet(const std::string& text) {
    Workbook book;
    book.sheet = text;
    return book.found();
  }
  static std::string of_rows(const std::string& rows) { return of_sheet("<sheetData>" + rows + "</sheetData>"); }
};

inline Workbook::More table(const std::string& name, const std::string& id, const std::string& area,
                            const std::string& columns) {
  return {"table",
          "<tableColumns>" + columns + "</tableColumns>",
          "id=\"" + id + "\" name=\"" + name + "\" displayName=\"" + name + "\" ref=\"" + area + "\"",
          sheet_types + "table+xml",
          "table",
          "sheet"};
}

}  // namespace kit
