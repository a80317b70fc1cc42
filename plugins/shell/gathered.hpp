// Both streams of a command, for an answer. What does not fit there goes into files of the workspace, if there are to
// be any: an answer waits until they are written, and a command until they are not too far behind.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>
#include <berth/service/process.hpp>
#include <berth/spill.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace shell {

class Gathered {
 public:
  explicit Gathered(std::size_t most) : m_out(most), m_err(most) {}
  Gathered(std::size_t most, berth::Spiller& spiller, const std::string& session, const std::string& name)
      : m_spiller(&spiller),
        m_out_spill(spiller.spill(session, name, "stdout")),
        m_err_spill(spiller.spill(session, name, "stderr")),
        m_out(most, m_out_spill->taker()),
        m_err(most, m_err_spill->taker()) {}

  // Flow::full: not before `resume` was called, by any thread.
  template <class Resume>
  berth::Flow add(berth::Outlet outlet, std::string_view bytes, Resume resume) {
    (outlet == berth::Outlet::output ? m_out : m_err).add(bytes);
    if (!m_spiller || !m_spiller->behind()) return berth::Flow::ok;
    m_spiller->after(std::move(resume));
    return berth::Flow::full;
  }
  void end() {  // nothing more comes
    for (const auto& one : {m_out_spill, m_err_spill})
      if (one) one->end();
  }
  const berth::Kept& out() const { return m_out; }
  const berth::Kept& err() const { return m_err; }
  // Gives the answer, with what was written, to `then`: now or later, on any thread.
  void put_into(berth::Json answer, std::function<void(const berth::Json&)> then) const {
    if (!m_spiller || !(m_out.cut() || m_err.cut())) return then(whole(std::move(answer)));
    m_spiller->after([self = *this, answer = std::move(answer), then = std::move(then)] { then(self.whole(answer)); });
  }

 private:
  berth::Json whole(berth::Json answer) const {
    answer["stdout"] = m_out.text(m_out_spill ? m_out_spill->note() : "");
    answer["stderr"] = m_err.text(m_err_spill ? m_err_spill->note() : "");
    answer["truncated"] = m_out.cut() || m_err.cut();
    return answer;
  }

  berth::Spiller* m_spiller = nullptr;
  std::shared_ptr<berth::Spill> m_out_spill, m_err_spill;
  berth::Kept m_out, m_err;
};

}  // namespace shell
