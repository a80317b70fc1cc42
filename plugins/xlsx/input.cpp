// The same that the schemas of the plugin say.
#include "input.hpp"

#include <algorithm>

namespace xlsx {

using berth::Error;

std::string one_of(const berth::Json& input, const char* field, std::initializer_list<std::string_view> words) {
  const auto at = input.find(field);
  if (at == input.end()) return std::string(*words.begin());
  std::string said = at->is_string() ? at->get<std::string>() : std::string();
  if (std::ranges::find(words, said) != words.end()) return said;
  std::string all;
  for (const auto word : words)
    all += (all.empty() ? "" : word == *(words.end() - 1) ? " or " : ", ") + std::string(word);
  throw Error(400, "bad_input", std::string(field) + " is " + all);
}

std::size_t within(const berth::Json& input, const char* field, std::size_t least, std::size_t most,
                   std::size_t otherwise) {
  const auto at = input.find(field);
  if (at == input.end()) return otherwise;
  if (at->is_number_integer() && *at >= least && *at <= most) return at->get<std::size_t>();
  throw Error(400, "bad_input",
              std::string(field) + " is a number from " + std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace xlsx
