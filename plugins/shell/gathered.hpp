// Both streams of a command, for an answer.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>
#include <berth/service/process.hpp>

#include <cstddef>
#include <string_view>

namespace shell {

class Gathered {
 public:
  explicit Gathered(std::size_t most) : m_out(most), m_err(most) {}
  void add(berth::Outlet outlet, std::string_view bytes) {
    (outlet == berth::Outlet::output ? m_out : m_err).add(bytes);
  }
  bool cut() const { return m_out.cut() || m_err.cut(); }
  const berth::Kept& out() const { return m_out; }
  const berth::Kept& err() const { return m_err; }
  void put_into(berth::Json& answer) const {
    answer["stdout"] = m_out.text();
    answer["stderr"] = m_err.text();
    answer["truncated"] = cut();
  }

 private:
  berth::Kept m_out, m_err;
};

}  // namespace shell
