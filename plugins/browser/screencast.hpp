// A tab's page as those see it who look on: pictures, as fast as each of them takes them.
#pragma once

#include <berth/call.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cdp.hpp"

namespace browser {

struct Viewer {
  explicit Viewer(berth::Call of) : call(std::move(of)) {}
  const berth::Call call;
  bool full = false;  // it takes nothing now: it gets the next picture after that
};

class Screencast {
 public:
  static constexpr std::size_t most_viewers = 20;
  Screencast(loop::Loop& loop, std::shared_ptr<Cdp> cdp, std::string session)
      : m_cdp(std::move(cdp)), m_session(std::move(session)), m_pace(loop) {}
  ~Screencast();  // all viewers are told that it is over

  // Throws 429 too_many_viewers. The first one says how large, how good and how often.
  void add(const std::shared_ptr<Viewer>& viewer, const Json& wish);
  void remove(const std::shared_ptr<Viewer>& viewer);
  void frame(const Json& params);  // Page.screencastFrame

 private:
  void show(const std::shared_ptr<Viewer>& viewer);
  const std::shared_ptr<Cdp> m_cdp;
  const std::string m_session;
  loop::Timer m_pace;
  std::chrono::milliseconds m_between{100};
  std::vector<std::shared_ptr<Viewer>> m_viewers;
  Json m_last;  // the picture that a new viewer sees first
};

}  // namespace browser
