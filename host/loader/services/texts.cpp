// What a plugin says went wrong, whatever it wrote there.
#include "loader/services/texts.hpp"

namespace berth::loader {

service::Error error_of(const berth_failure* failure) {
  if (!failure) return {500, "plugin_error", "the plugin failed without saying why"};
  const int status = failure->status >= 400 && failure->status <= 599 ? failure->status : 500;
  service::Error error{status, copy(failure->code), copy(failure->message), copy(failure->hint)};
  if (error.code.empty()) error.code = "plugin_error";
  if (status == 429)
    error.retry_after = std::chrono::seconds(1);  // a client has to be told when, and plugins have no word for it
  return error;
}

berth_failure failure_of(const service::Error& error) {
  return {sizeof(berth_failure), error.status, text_of(error.code), text_of(error.message), text_of(error.hint)};
}

}  // namespace berth::loader
