// Packs and unpacks. What the host unpacks may be a stranger's; what is odd in it the jail refuses.
#include "loader/services/process_notes.hpp"

#include <utility>

#include "loader/process/frame.hpp"

namespace berth::loader {

using service::Order;
using service::Outcome;

namespace {

constexpr std::uint64_t most_texts = 65'536;
constexpr std::uint64_t leader_flag = 1, terminal_flag = 2, inherit_flag = 4, stays_flag = 8;  // flags

void pack_texts(Packer& to, const std::vector<std::string>& texts) {
  to.number(texts.size());
  for (const auto& one : texts) to.text(one);
}

std::vector<std::string> unpack_texts(Unpacker& from) {
  std::vector<std::string> texts;
  const auto count = from.number();
  for (std::uint64_t i = 0; i < count && i < most_texts && from.good(); ++i) texts.push_back(from.text());
  return texts;
}

std::uint64_t us(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
}

timeval time_of(std::uint64_t us) {
  return {static_cast<time_t>(us / 1'000'000), static_cast<suseconds_t>(us % 1'000'000)};
}

}  // namespace

// The texts go as data, which may be large, and only their number is bounded here.
std::vector<Note> pack_order(std::uint64_t number, Order order) {
  std::vector<Note> notes;
  for (auto& file : order.files) {
    Packer fields;
    fields.number(static_cast<std::uint64_t>(file.number));
    notes.push_back({Verb::process_file, number, fields.done(), {}, std::move(file.fd)});
  }
  Packer packer;
  packer.text(order.session).text(order.program).text(order.folder);
  pack_texts(packer, order.arguments);
  pack_texts(packer, order.environment);
  packer.number(order.leader * leader_flag | order.terminal * terminal_flag | order.inherit * inherit_flag |
                order.stays * stays_flag);
  const auto& limits = order.limits;
  packer.number(limits.memory).number(limits.file_size).number(limits.cpu_seconds);
  packer.number(limits.open_files).number(limits.processes).number(order.files.size());
  notes.push_back({Verb::process_start, number, {}, packer.done(), {}});
  return notes;
}

std::optional<ArrivedOrder> unpack_order(std::string_view data) {
  Unpacker from(data);
  ArrivedOrder arrived;
  Order& order = arrived.order;
  order.session = from.text();
  order.program = from.text();
  order.folder = from.text();
  order.arguments = unpack_texts(from);
  order.environment = unpack_texts(from);
  const auto flags = from.number();
  order.leader = (flags & leader_flag) != 0;
  order.terminal = (flags & terminal_flag) != 0;
  order.inherit = (flags & inherit_flag) != 0;
  order.stays = (flags & stays_flag) != 0;
  auto& limits = order.limits;
  for (auto* one : {&limits.memory, &limits.file_size, &limits.cpu_seconds, &limits.open_files, &limits.processes})
    *one = from.number();
  arrived.files = from.number();
  if (!from.done()) return std::nullopt;
  return arrived;
}

std::optional<int> unpack_file(std::string_view fields) {
  Unpacker from(fields);
  const auto number = from.number();
  if (!from.done() || number > 255) return std::nullopt;
  return static_cast<int>(number);
}

std::string pack_outcome(const Outcome& outcome) {
  Packer packer;
  packer.number(static_cast<std::uint64_t>(outcome.status)).number(us(outcome.usage.ru_utime));
  packer.number(us(outcome.usage.ru_stime)).number(static_cast<std::uint64_t>(outcome.usage.ru_maxrss));
  packer.text(outcome.limit).text(outcome.words);
  return packer.done();
}

Outcome unpack_outcome(std::string_view fields) {
  Unpacker from(fields);
  Outcome outcome;
  outcome.status = static_cast<int>(from.number());
  outcome.usage.ru_utime = time_of(from.number());
  outcome.usage.ru_stime = time_of(from.number());
  outcome.usage.ru_maxrss = static_cast<long>(from.number());
  outcome.limit = from.text();
  outcome.words = from.text();
  return outcome;
}

std::string pack_hits(const service::Hits& hits) {
  Packer packer;
  packer.number(hits.memory_counted).number(hits.processes_counted).number(hits.memory).number(hits.processes);
  packer.text(hits.memory_limit);
  return packer.done();
}

service::Hits unpack_hits(std::string_view fields) {
  Unpacker from(fields);
  service::Hits hits;
  hits.memory_counted = from.number() != 0;
  hits.processes_counted = from.number() != 0;
  hits.memory = from.number();
  hits.processes = from.number();
  hits.memory_limit = from.text();
  return hits;
}

}  // namespace berth::loader
