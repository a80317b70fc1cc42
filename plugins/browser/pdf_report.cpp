// No reader of PDF: Chromium writes its objects plainly, one after the other, and that is looked through.
#include "pdf_report.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace browser {

namespace {

constexpr std::size_t most_content = 32u << 20;

std::string unpacked(std::string_view packed) {
  z_stream stream = {};
  if (::inflateInit(&stream) != Z_OK) return {};
  std::string all;
  std::array<char, 65536> block{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  for (int done = Z_OK; done == Z_OK && all.size() < most_content;) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    done = ::inflate(&stream, Z_NO_FLUSH);
    all.append(block.data(), block.size() - stream.avail_out);
  }
  ::inflateEnd(&stream);
  return all;
}

// Texts, pictures and lines; one filled area alone is the paper's colour.
bool shows_something(std::string_view content) {
  int fills = 0;
  while (!content.empty()) {
    const auto begin = content.find_first_not_of(" \n\r\t");
    if (begin == content.npos) return false;
    content.remove_prefix(begin);
    const auto end = std::min(content.find_first_of(" \n\r\t"), content.size());
    const auto word = content.substr(0, end);
    content.remove_prefix(end);
    if (word == "Tj" || word == "TJ" || word == "Do" || word == "sh" || word == "S" || word == "BI" || word == "B")
      return true;
    if ((word == "f" || word == "f*") && ++fills > 1) return true;
  }
  return false;
}

std::string_view stream_of(std::string_view pdf, int number) {
  const auto at = pdf.find("\n" + std::to_string(number) + " 0 obj");
  if (at == pdf.npos) return {};
  const auto begin = pdf.find("stream\n", at), over = pdf.find("endobj", at);
  if (begin == pdf.npos || begin > over) return {};
  const auto end = pdf.find("endstream", begin);
  return end == pdf.npos ? std::string_view() : pdf.substr(begin + 7, end - begin - 7);
}

}  // namespace

PdfPages pages_of(std::string_view pdf) {
  PdfPages pages;
  constexpr std::string_view sign = "/Type /Page", contents = "/Contents ";
  for (std::size_t at = 0; (at = pdf.find(sign, at)) != pdf.npos;) {
    at += sign.size();
    if (at < pdf.size() && std::isalnum(static_cast<unsigned char>(pdf[at]))) continue;  // /Pages
    ++pages.count;
    const auto end = pdf.find("endobj", at), where = pdf.find(contents, at);
    if (where == pdf.npos || where > end) continue;
    const int number = std::atoi(std::string(pdf.substr(where + contents.size(), 12)).c_str());
    if (!shows_something(unpacked(stream_of(pdf, number)))) pages.blank.push_back(pages.count);
  }
  return pages;
}

}  // namespace browser
