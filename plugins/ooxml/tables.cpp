// Looking things up in the tables.
#include "tables.hpp"

#include <algorithm>

namespace ooxml {

std::uint16_t Tables::space(std::string_view address) const {
  auto found = std::lower_bound(addresses.begin(), addresses.end(), address,
                                [](const AddressRow& row, std::string_view text) { return row.address < text; });
  return found != addresses.end() && found->address == address ? found->space : Name::unknown;
}

std::uint16_t Tables::local(std::string_view text) const {
  auto found = std::lower_bound(locals.begin(), locals.end(), text);
  if (found == locals.end() || *found != text) return Name::unknown;
  return static_cast<std::uint16_t>(found - locals.begin());
}

bool Tables::element(Name name) const { return std::binary_search(elements.begin(), elements.end(), name); }

}  // namespace ooxml
