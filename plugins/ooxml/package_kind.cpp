// The content types of main parts: there are few, and a file is what its main part is, whatever its name.
#include "package_kind.hpp"

#include <algorithm>
#include <string>

namespace ooxml {

namespace {

struct KnownMain {
  std::string_view type;
  MainKind kind;
};

#define OFFICE "application/vnd.openxmlformats-officedocument."
constexpr KnownMain known_mains[] = {
    {OFFICE "wordprocessingml.document.main+xml", {Kind::word}},
    {OFFICE "wordprocessingml.template.main+xml", {Kind::word, false, true}},
    {"application/vnd.ms-word.document.macroenabled.main+xml", {Kind::word, true}},
    {"application/vnd.ms-word.template.macroenabledtemplate.main+xml", {Kind::word, true, true}},
    {OFFICE "spreadsheetml.sheet.main+xml", {Kind::sheet}},
    {OFFICE "spreadsheetml.template.main+xml", {Kind::sheet, false, true}},
    {"application/vnd.ms-excel.sheet.macroenabled.main+xml", {Kind::sheet, true}},
    {"application/vnd.ms-excel.template.macroenabled.main+xml", {Kind::sheet, true, true}},
    {"application/vnd.ms-excel.addin.macroenabled.main+xml", {Kind::sheet, true}},
    {"application/vnd.ms-excel.sheet.binary.macroenabled.main", {Kind::sheet, true, false, true}},
    {OFFICE "presentationml.presentation.main+xml", {Kind::slides}},
    {OFFICE "presentationml.slideshow.main+xml", {Kind::slides}},
    {OFFICE "presentationml.template.main+xml", {Kind::slides, false, true}},
    {"application/vnd.ms-powerpoint.presentation.macroenabled.main+xml", {Kind::slides, true}},
    {"application/vnd.ms-powerpoint.slideshow.macroenabled.main+xml", {Kind::slides, true}},
    {"application/vnd.ms-powerpoint.template.macroenabled.main+xml", {Kind::slides, true, true}},
    {"application/vnd.ms-powerpoint.addin.macroenabled.main+xml", {Kind::slides, true}},
};
#undef OFFICE

constexpr std::string_view macro_types[] = {
    "application/vnd.ms-office.vbaproject", "application/vnd.ms-word.vbadata+xml",
    "application/vnd.ms-office.vbaprojectsignature", "application/vnd.ms-excel.macrosheet+xml",
    "application/vnd.ms-excel.intlmacrosheet+xml"};

// Types are the same whatever the case of their letters; what follows ";" is not the type.
std::string plain_type(std::string_view type) {
  std::string text(type.substr(0, type.find(';')));
  while (text.ends_with(' ')) text.pop_back();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

MainKind main_kind(std::string_view content_type) {
  const std::string type = plain_type(content_type);
  const auto* found = std::find_if(std::begin(known_mains), std::end(known_mains),
                                   [&](const KnownMain& one) { return one.type == type; });
  return found == std::end(known_mains) ? MainKind() : found->kind;
}

bool is_macro_part(std::string_view content_type) {
  const std::string type = plain_type(content_type);
  return std::find(std::begin(macro_types), std::end(macro_types), type) != std::end(macro_types);
}

}  // namespace ooxml
