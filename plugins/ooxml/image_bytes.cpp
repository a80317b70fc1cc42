// The beginnings of the kinds of images.
#include "image_bytes.hpp"

namespace ooxml {

namespace {

using namespace std::string_view_literals;

struct Beginning {
  std::string_view bytes, kind;
  std::size_t at = 0;
};

constexpr Beginning beginnings[] = {
    {"\x89PNG\r\n\x1A\n"sv, "png"},
    {"\xFF\xD8\xFF"sv, "jpeg"},
    {"GIF8"sv, "gif"},
    {"BM"sv, "bmp"},
    {"II*\0"sv, "tiff"},
    {"MM\0*"sv, "tiff"},
    {" EMF"sv, "emf", 40},
    {"\xD7\xCD\xC6\x9A"sv, "wmf"},
    {"\x01\0\x09\0"sv, "wmf"},
    {"\x02\0\x09\0"sv, "wmf"},
    {"\0\0\x01\0"sv, "ico"},
    {"WEBP"sv, "webp", 8},
    {"ftyp"sv, "heif", 4},
    {"II\xBC"sv, "wdp"},
    {"%PDF"sv, "pdf"},
    {"\xC5\xD0\xD3\xC6"sv, "eps"},
    {"%!PS"sv, "eps"},
    {"\x1F\x8B"sv, "packed"},  // .emz, .wmz, .svgz
    {"\0\0\0\x0CjP  "sv, "jp2"},
};

struct Type {
  std::string_view content_type, kind;
};

constexpr Type types[] = {
    {"image/png", "png"},     {"image/jpeg", "jpeg"},  {"image/jpg", "jpeg"},     {"image/pjpeg", "jpeg"},
    {"image/gif", "gif"},     {"image/bmp", "bmp"},    {"image/x-ms-bmp", "bmp"}, {"image/tiff", "tiff"},
    {"image/x-emf", "emf"},   {"image/emf", "emf"},    {"image/x-wmf", "wmf"},    {"image/wmf", "wmf"},
    {"image/svg+xml", "svg"}, {"image/x-icon", "ico"}, {"image/webp", "webp"},    {"image/vnd.ms-photo", "wdp"},
};

std::string_view text_kind(std::string_view head) {
  if (head.substr(0, 3) == "\xEF\xBB\xBF"sv) head.remove_prefix(3);
  std::size_t begin = head.find_first_not_of(" \t\r\n");
  if (begin == head.npos) return "";
  head.remove_prefix(begin);
  if (head.substr(0, 4) == "<svg") return "svg";
  return head.substr(0, 5) == "<?xml" || head.substr(0, 2) == "<!" ? "xml" : "";
}

}  // namespace

std::string_view image_kind(std::string_view head) {
  for (const Beginning& one : beginnings) {
    if (head.size() > one.at && head.substr(one.at, one.bytes.size()) == one.bytes) return one.kind;
  }
  return text_kind(head);
}

std::string_view image_kind_of_type(std::string_view content_type) {
  for (const Type& one : types) {
    if (one.content_type == content_type) return one.kind;
  }
  return "";
}

}  // namespace ooxml
