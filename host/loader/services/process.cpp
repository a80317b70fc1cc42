// berth.process/1: the C structs to those of service::Child and back.
#include <berth/service/process.h>
#include <fcntl.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <utility>

#include "loader/services/local.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

using service::Child;
using service::Outlet;

namespace {

std::vector<std::string> texts(const berth_text* given, std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 0; given && i < count; ++i) all.push_back(copy(given[i]));
  return all;
}

service::Limits limits_of(const berth_process_plan& given) {
  return {given.memory, given.file_size, given.cpu_seconds, given.open_files, given.processes};
}

Child::Plan plan_of(const berth_process_plan& given) {
  constexpr std::uint64_t longest = 1ull << 40;
  Child::Plan plan;
  auto& order = plan.order;
  order.arguments = texts(given.arguments, given.argument_count);
  order.program = copy(given.program);
  if (order.program.empty() && !order.arguments.empty()) order.program = order.arguments.front();
  order.environment = texts(given.environment, given.environment_count);
  order.inherit = (given.flags & BERTH_PROCESS_INHERIT) != 0;
  order.session = copy(given.session);
  order.folder = copy(given.folder);
  for (std::size_t i = 0; given.files && i < given.file_count; ++i)
    order.files.push_back({service::UniqueFd(::fcntl(given.files[i].fd, F_DUPFD_CLOEXEC, 3)), given.files[i].number});
  order.leader = (given.flags & BERTH_PROCESS_LEADER) != 0;
  order.stays = (given.flags & BERTH_PROCESS_STAYS) != 0;
  order.limits = limits_of(given);
  plan.input = (given.flags & BERTH_PROCESS_INPUT) != 0;
  plan.together = (given.flags & BERTH_PROCESS_TOGETHER) != 0;
  const Child::Size size{given.rows ? given.rows : std::uint16_t{24},
                         given.columns ? given.columns : std::uint16_t{80}};
  if (given.flags & BERTH_PROCESS_TERMINAL) plan.terminal = size;
  plan.bounds = {std::chrono::milliseconds(std::min(given.time_ms, longest)), given.output};
  return plan;
}

berth_process_end raw_end(const service::End& end) {
  const auto us = [](std::chrono::microseconds time) { return static_cast<std::uint64_t>(time.count()); };
  return {sizeof(berth_process_end),
          end.code,
          end.signal,
          0,
          text_of(name_of(end.cause)),
          text_of(end.words),
          us(end.wall),
          us(end.user),
          us(end.system),
          end.peak_memory,
          end.output};
}

berth_process_hits raw_hits(const service::Hits& hits) {
  std::uint32_t counted = 0;
  if (hits.memory_counted) counted |= BERTH_PROCESS_COUNTS_MEMORY;
  if (hits.processes_counted) counted |= BERTH_PROCESS_COUNTS_PROCESSES;
  return {sizeof(berth_process_hits), counted, hits.memory, hits.processes, text_of(hits.memory_limit)};
}

constexpr std::size_t first_ears = offsetof(berth_process_ears, hits);  // of the service's first version

berth_process_ears copied_ears(const berth_process_ears& given) {
  berth_process_ears ears{};
  std::memcpy(&ears, &given, std::min<std::size_t>(given.size, sizeof ears));
  return ears;
}

// gone() comes once, and only for what was taken.
struct HeldChild {
  explicit HeldChild(const berth_process_ears& given) : ears(copied_ears(given)) {}
  HeldChild(const HeldChild&) = delete;
  ~HeldChild() {
    if (taken && ears.gone) ears.gone(ears.with);
  }
  const berth_process_ears ears;
  bool taken = true;
};

Processes::Ears child_ears(const std::shared_ptr<HeldChild>& held) {
  return {[held](std::uint64_t process, Outlet outlet, std::string_view piece) {
            const auto number = outlet == Outlet::output ? BERTH_PROCESS_OUTPUT : BERTH_PROCESS_ERRORS;
            return !held->ears.output ||
                   held->ears.output(held->ears.with, process, number, text_of(piece)) == BERTH_OK;
          },
          [held](std::uint64_t process) {
            if (held->ears.room) held->ears.room(held->ears.with, process);
          },
          [held](std::uint64_t process, const service::End& end) {
            const auto raw = raw_end(end);
            held->ears.ended(held->ears.with, process, &raw);
          },
          [held](std::uint64_t process, const service::Hits& hits) {
            const auto raw = raw_hits(hits);
            if (held->ears.hits) held->ears.hits(held->ears.with, process, &raw);
          }};
}

std::uint64_t spawn(const berth_host* host, const berth_process_plan* plan, const berth_process_ears* ears) {
  Local* local = Local::of(host);
  if (!local || !plan || !ears || plan->size < sizeof *plan || ears->size < first_ears || !ears->ended) return 0;
  const auto held = std::make_shared<HeldChild>(*ears);
  const auto process =
      local->processes().spawn(plan_of(*plan), child_ears(held), (plan->flags & BERTH_PROCESS_BESIDE) != 0);
  if (process == 0) held->taken = false;
  return process;
}

berth_flow write_input(const berth_host* host, std::uint64_t process, berth_text bytes) {
  Local* local = Local::of(host);
  if (!local) return BERTH_GONE;
  switch (local->processes().write(process, view(bytes))) {
    case Processes::Taken::well: return BERTH_OK;
    case Processes::Taken::full: return BERTH_FULL;
    case Processes::Taken::too_much: return BERTH_WRONG;
    case Processes::Taken::gone: return BERTH_GONE;
  }
  return BERTH_GONE;
}

void close_input(const berth_host* host, std::uint64_t process) {
  if (Local* local = Local::of(host)) local->processes().close_input(process);
}

void resume_child(const berth_host* host, std::uint64_t process, std::uint32_t outlet) {
  Local* local = Local::of(host);
  if (local) local->processes().resume(process, outlet == BERTH_PROCESS_ERRORS ? Outlet::errors : Outlet::output);
}

void resize(const berth_host* host, std::uint64_t process, std::uint16_t rows, std::uint16_t columns) {
  if (Local* local = Local::of(host)) local->processes().resize(process, {rows, columns});
}

void signal(const berth_host* host, std::uint64_t process, std::int32_t number) {
  if (Local* local = Local::of(host)) local->processes().signal(process, number);
}

void stop(const berth_host* host, std::uint64_t process, std::int32_t number, std::uint64_t grace_ms) {
  constexpr std::uint64_t longest = 1ull << 40;
  Local* local = Local::of(host);
  if (local) local->processes().stop(process, number, std::chrono::milliseconds(std::min(grace_ms, longest)));
}

void look_at_child(const berth_host* host, std::uint64_t process) {
  if (Local* local = Local::of(host)) local->processes().look(process);
}

int wait_for_child(const berth_host* host, std::uint64_t process) {
  Local* local = Local::of(host);
  return local && local->may_wait() && local->processes().wait(process) ? 1 : 0;
}

}  // namespace

const void* process_table() {
  static constexpr berth_process table{sizeof(berth_process), &spawn,        &write_input, &close_input,
                                       &resume_child,         &resize,       &signal,      &stop,
                                       &wait_for_child,       &look_at_child};
  return &table;
}

}  // namespace berth::loader
