// How fast XML can be read when nobody looks at it: bench-sax ROUNDS FILE… says the megabytes a second of the best
// round over all files, by libxml2's SAX2 with handlers that count.
#include <libxml/parser.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

struct Seen {
  unsigned long elements = 0, bytes = 0;
};

void start(void* with, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**, int, int,
           const xmlChar**) {
  ++static_cast<Seen*>(with)->elements;
}
void end(void*, const xmlChar*, const xmlChar*, const xmlChar*) {}
void text(void* with, const xmlChar*, int size) { static_cast<Seen*>(with)->bytes += static_cast<unsigned long>(size); }

// In pieces, as out of a zip file.
bool read(const std::string& all, Seen& seen) {
  xmlSAXHandler handler = {};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = &start;
  handler.endElementNs = &end;
  handler.characters = &text;
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &seen, nullptr, 0, nullptr);
  xmlCtxtUseOptions(parser, XML_PARSE_HUGE | XML_PARSE_NONET);
  constexpr std::size_t piece = 64u << 10;
  for (std::size_t at = 0; at < all.size(); at += piece)
    xmlParseChunk(parser, all.data() + at, static_cast<int>(std::min(piece, all.size() - at)), 0);
  xmlParseChunk(parser, nullptr, 0, 1);
  const bool good = parser->wellFormed != 0;
  xmlFreeParserCtxt(parser);
  return good;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return std::fprintf(stderr, "usage: bench-sax ROUNDS FILE…\n"), 2;
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (int i = 2; i < count; ++i) {
    std::ifstream file(words[i], std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    bytes += texts.back().size();
  }
  double best = 0;
  Seen seen;
  for (int round = 0; round < std::atoi(words[1]); ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& text : texts)
      if (!read(text, seen)) return std::fprintf(stderr, "bench-sax: this is no XML\n"), 1;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(bytes) / took.count() / 1e6);
  }
  std::printf("{\"mb\": %.3f, \"mb_per_s\": %.1f, \"elements\": %lu}\n", static_cast<double>(bytes) / 1e6, best,
              seen.elements);
}
