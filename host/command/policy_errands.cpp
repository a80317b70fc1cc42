// Only answers of one piece are of use to a hook; what flows is ended.
#include "command/policy_errands.hpp"

#include <memory>
#include <utility>

#include "routing/problem.hpp"
#include "service/text.hpp"

namespace berth::command {

using service::Error;

namespace {

class ErrandEars : public loader::Caller::Ears {
 public:
  explicit ErrandEars(policy::Engine::Errand errand) : m_errand(std::move(errand)) {}
  void hold(std::shared_ptr<loader::Caller::Call> call) {
    if (m_errand.done)
      m_call = std::move(call);
    else if (call && m_flows)
      call->cancel();
  }

  void send(std::string json) override { last(true, std::move(json)); }
  void fail(Error error) override { last(false, routing::problem_json(error, m_errand.operation)); }
  void file(service::UniqueFd, loader::Head) override { wrong(); }
  void begin(loader::Head) override { flows(); }
  void chunk(loader::Chunk) override { flows(); }
  void finish(std::uint32_t, std::string) override { wrong(); }

 private:
  void wrong() {
    fail({400, "wrong_kind", m_errand.operation + " is of no kind that berth.call can wait for",
          "policies call operations of the kind call"});
  }
  void flows() {
    m_flows = true;
    wrong();
    if (const auto call = std::exchange(m_call, nullptr)) call->cancel();
  }
  void last(bool good, std::string json) {
    if (const auto done = std::exchange(m_errand.done, nullptr)) done(good, std::move(json));
    if (!m_flows) m_call.reset();
  }

  policy::Engine::Errand m_errand;
  std::shared_ptr<loader::Caller::Call> m_call;
  bool m_flows = false;
};

}  // namespace

void run_errand(loader::Caller& caller, policy::Engine::Errand errand) {
  auto asker = std::make_shared<session::Asker>();
  asker->who.name = "policy:" + errand.policy;
  asker->who.scope = errand.scope;
  asker->session = errand.session;
  asker->request_id = service::random_token(16);
  asker->peer = "policy";
  asker->depth = 1;
  asker->of_policy = true;
  loader::Caller::Ask ask{errand.operation, std::move(errand.input), std::move(asker)};
  const auto ears = std::make_shared<ErrandEars>(std::move(errand));
  ears->hold(caller.start(std::move(ask), ears));
}

}  // namespace berth::command
