// Small orders travel in the message; large ones, such as a script as an argument, in a memory file.
#include "jail/order.hpp"

#include <sys/mman.h>

#include <bitset>
#include <cerrno>
#include <cstring>

#include "jail/inside/sheet.h"
#include "service/files.hpp"

namespace berth::jail {

using service::Error;
using service::Result;

namespace {

constexpr std::size_t most = 4u << 20;  // more than the kernel takes

Error bad(const std::string& why) { return {400, "bad_plan", "no process can be started so: " + why}; }

bool number(const Plan& plan, berth_order& head) {
  std::bitset<256> taken;
  for (std::size_t i = 0; i < plan.fds.size(); ++i) {
    const int number = plan.numbers.empty() ? static_cast<int>(i) : plan.numbers[i];
    if (number < 0 || number > 255 || taken[static_cast<std::size_t>(number)]) return false;
    taken.set(static_cast<std::size_t>(number));
    head.number[i] = static_cast<std::uint8_t>(number);
  }
  return true;
}

}  // namespace

Result<Order> make_order(const Plan& plan) {
  if (plan.program.empty()) return bad("there is no program");
  if (plan.fds.size() > berth_most_fds) return bad("more than " + std::to_string(berth_most_fds) + " descriptors");
  if (!plan.numbers.empty() && plan.numbers.size() != plan.fds.size()) return bad("a descriptor has no number");
  if (plan.limits.size() > berth_most_own_limits) return bad("too many limits");
  std::string texts;
  bool zero = false;
  const auto add = [&](const std::string& text) {
    zero = zero || text.find('\0') != std::string::npos;
    texts.append(text).push_back('\0');
  };
  add(plan.program);
  add(plan.folder);
  for (const auto& one : plan.arguments) add(one);
  for (const auto& one : plan.environment) add(one);
  if (zero) return bad("a text holds a zero byte");
  if (texts.size() > most) return bad("arguments and environment are too large");
  berth_order head{static_cast<std::uint32_t>(plan.arguments.size()),
                   static_cast<std::uint32_t>(plan.environment.size()),
                   static_cast<std::uint32_t>(plan.fds.size()),
                   plan.terminal ? std::uint32_t{berth_order_terminal} : 0u,
                   static_cast<std::uint32_t>(texts.size()),
                   static_cast<std::uint32_t>(plan.limits.size()),
                   {},
                   {}};
  for (std::size_t i = 0; i < plan.limits.size(); ++i)
    head.limit[i] = {static_cast<std::uint32_t>(plan.limits[i].what), 0, plan.limits[i].soft, plan.limits[i].hard};
  if (!number(plan, head)) return bad("descriptors have numbers from 0 to 255, and none has another's");
  Order order;
  if (texts.size() > berth_inline_order) {
    head.flags |= berth_order_in_file;
    order.texts = service::UniqueFd(::memfd_create("berth-order", MFD_CLOEXEC));
    const int why = order.texts ? service::write_all(order.texts.get(), texts) : errno;
    if (why != 0) return Error{503, "jail_failed", std::string("cannot write an order: ") + std::strerror(why)};
    order.fds.push_back(order.texts.get());
    texts.clear();
  }
  order.fds.insert(order.fds.end(), plan.fds.begin(), plan.fds.end());
  order.message.assign(reinterpret_cast<const char*>(&head), sizeof head);
  order.message += texts;
  return order;
}

}  // namespace berth::jail
