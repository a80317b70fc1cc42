// A ledger without a host around: what would wait for a disk is done at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "policy/ledger.hpp"

namespace berth::policy {

class AtOnce : public service::Loop {  // everything is this thread
 public:
  void post(std::function<void()> job) override { job(); }
  bool here() const override { return true; }
};

struct LedgerAround {
  AtOnce loop;
  std::vector<std::string> failed;  // to be written anew
};

class LoneLedger : private LedgerAround, public Ledger {
 public:
  LoneLedger()
      : Ledger({loop,
                [](const std::function<void()>& job) {
                  job();
                  return true;
                },
                [this](const service::Error& why) { failed.push_back(why.message); }}) {}
  const std::vector<std::string>& failures() const { return failed; }
};

}  // namespace berth::policy
