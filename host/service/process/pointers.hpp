// Texts as exec wants them.
#pragma once

#include <string>
#include <vector>

namespace berth::service {

// Into `texts`, which must stay as they are; a null pointer comes last.
inline std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace berth::service
