// Any bytes as a document of Word.
#include "read_part.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::read_part(bytes, size, "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml");
  return 0;
}
