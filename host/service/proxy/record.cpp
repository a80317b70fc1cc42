// One line of the log for one request.
#include "service/proxy/record.hpp"

namespace berth::service::proxy {

void write(Log& log, const Record& record) {
  const bool ok = record.verdict == "ok";
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  Log::Fields fields = {{"session", record.label},
                        {"method", record.method},
                        {"host", record.host},
                        {"port", number(record.port)},
                        {"address", record.address},
                        {"verdict", record.verdict},
                        {"status", std::int64_t{record.status}},
                        {"sent", number(record.sent)},
                        {"received", number(record.received)},
                        {"ms", std::int64_t{record.took.count()}}};
  if (!ok) fields.emplace_back("reason", record.reason);
  const bool refused = !ok && record.status >= 400;
  log.write(refused ? Level::warn : Level::info, "proxy",
            refused ? "request refused"
            : ok    ? "request"
                    : "request cut off",
            fields);
}

}  // namespace berth::service::proxy
