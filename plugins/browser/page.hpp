// A page of the plugin's own in a session's context: nobody sees it among the tabs. It goes with its last owner.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cdp.hpp"
#include "task.hpp"

namespace browser {

class Page {
 public:
  using Ear = std::function<void(const std::string& method, const Json& params)>;
  Page(std::shared_ptr<Cdp> cdp, std::string target) : m_cdp(std::move(cdp)), m_target(std::move(target)) {}
  Page(const Page&) = delete;
  ~Page() { m_cdp->send(the_browser, "Target.closeTarget", with("targetId", m_target)); }

  const std::string& target() const { return m_target; }
  const std::string& session() const { return m_session; }
  const std::shared_ptr<Cdp>& wire() const { return m_cdp; }
  void attach(std::string session) { m_session = std::move(session); }
  void hear(Ear ear) { m_ear = std::move(ear); }
  void event(const std::string& method, const Json& params) {
    const auto ear = m_ear;
    if (ear) ear(method, params);
  }
  void send(const char* method, const Json& params) { m_cdp->send(m_session, method, params); }
  Task<Json> ask(Patience& patience, const char* method, Json params) {
    co_return co_await Ask(*m_cdp, patience, m_session, method, params);
  }
  // The value that it comes to. Throws 422 script_failed.
  Task<Json> evaluate(Patience& patience, std::string expression);

 private:
  const std::shared_ptr<Cdp> m_cdp;
  const std::string m_target;
  std::string m_session;
  Ear m_ear;
};

// What is answered in a server's place: to Fetch.requestPaused.
Json fulfilled(const Json& paused, int status, const std::string& type, const std::string& body);

}  // namespace browser
