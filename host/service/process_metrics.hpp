// What Prometheus expects to hear from any process about itself.
#pragma once

#include <string>

namespace berth::service {

std::string process_metrics();  // in the text format, read from /proc now

}  // namespace berth::service
