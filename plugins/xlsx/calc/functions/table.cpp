// All functions, found by their name.
#include <algorithm>
#include <unordered_map>

#include "../functions.hpp"

namespace xlsx::calc {

const Function* function(std::string_view name) {
  static const auto known = [] {
    std::unordered_map<std::string_view, const Function*> all;
    for (const auto room :
         {math_functions(),        aggregate_functions(),  logical_functions(),      text_functions(),
          date_functions(),        workday_functions(),    reference_functions(),    lookup_functions(),
          information_functions(), annuity_functions(),    depreciation_functions(), base_functions(),
          statistics_functions(),  rank_functions(),       regression_functions(),   line_functions(),
          normal_functions(),      continuous_functions(), discrete_functions(),     hypothesis_functions(),
          subtotal_functions()})
      for (const Function& one : room) all.emplace(one.name, &one);
    return all;
  }();
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const auto found = known.find(upper);
  return found == known.end() ? nullptr : found->second;
}

}  // namespace xlsx::calc
