// berth.config/1 and berth.secrets/1: what an instance was given when it was made.
#include <berth/service/config.h>
#include <berth/service/secrets.h>

#include "loader/host_side.hpp"
#include "loader/services/lent.hpp"
#include "loader/services/texts.hpp"
#include "loader/services/tables.hpp"

namespace berth::loader {

namespace {

berth_text config_text(const berth_host* host) {
  const std::string& text = HostSide::of(host).lent().config();
  return {text.data(), text.size()};
}

berth_text read_secret(const berth_host* host, berth_text name) {
  const auto& secrets = HostSide::of(host).lent().lending().secrets;
  if (!secrets || !name.data) return {nullptr, 0};
  const auto at = secrets->find(std::string_view(name.data, name.size));
  if (at == secrets->end()) return {nullptr, 0};
  return {at->second.view().data(), at->second.view().size()};
}

}  // namespace

const void* config_table() {
  static constexpr berth_config table{sizeof(berth_config), &config_text};
  return &table;
}

const void* secrets_table() {
  static constexpr berth_secrets table{sizeof(berth_secrets), &read_secret};
  return &table;
}

}  // namespace berth::loader
