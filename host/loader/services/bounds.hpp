// How much one plugin may have of what it is lent. Kept on its own side, so that it is told, and on the host's, since
// it may not be believed.
#pragma once

#include <cstddef>

namespace berth::loader {

constexpr std::size_t most_subscriptions = 64, most_globs = 16, longest_globs = 2048;
constexpr std::size_t events_under_way = 64;  // of one subscription
constexpr std::size_t most_event = 64u << 10;
constexpr std::size_t events_at_once = 5000, events_a_second = 1000;
constexpr std::size_t event_bytes_at_once = 64u << 20, event_bytes_a_second = 16u << 20;
constexpr std::size_t lines_at_once = 5000, lines_a_second = 1000;  // of its log, and as many that it prints
constexpr std::size_t line_bytes_at_once = 16u << 20, line_bytes_a_second = 1u << 20;
constexpr std::size_t most_jobs = 256, most_job_text = 1024, most_result = 4u << 20;
constexpr std::size_t most_asks = 256, most_ask_input = 16u << 20;
constexpr std::size_t most_workspace_asks = 1024, longest_session = 100;
constexpr unsigned deepest_ask = 16;          // calls that were made by calls that were made by calls …
constexpr std::size_t starts_under_way = 32;  // programs that are asked for, and not there yet
constexpr std::size_t most_order = 5u << 20;  // of one: its arguments, its environment
constexpr std::size_t most_files_under_way = 16 * starts_under_way, most_early_signals = 64, most_early_looks = 64;
constexpr std::size_t most_series = 256, most_labels = 8, most_bounds = 32;

}  // namespace berth::loader
