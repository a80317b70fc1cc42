// berth.secrets/1 in C++17.
//
//   d.service(BERTH_SECRETS);                                          // in declare()
//   const auto key = berth::Secrets(context.host).read("api_key");     // berth.lua: secrets = { api_key = { … } }
#ifndef BERTH_SERVICE_SECRETS_HPP
#define BERTH_SERVICE_SECRETS_HPP

#include <berth/call.hpp>
#include <berth/service/secrets.h>

#include <optional>

namespace berth {

class Secrets {
 public:
  explicit Secrets(const berth_host* host)
      : m_host(host), m_secrets(static_cast<const berth_secrets*>(host->service(host, detail::text(BERTH_SECRETS)))) {}

  // Valid as long as the plugin; null if berth.lua gives none of that name. Any thread. Make no copy that lasts.
  std::optional<std::string_view> read(std::string_view name) const {
    if (!m_secrets) return std::nullopt;
    const berth_text secret = m_secrets->read(m_host, detail::text(name));
    if (!secret.data) return std::nullopt;
    return std::string_view(secret.data, secret.size);
  }

 private:
  const berth_host* m_host;
  const berth_secrets* m_secrets;
};

}  // namespace berth

#endif
