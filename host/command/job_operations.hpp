// /jobs: how far work is that goes on after its call, what became of it, and an end to it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "command/own_operations.hpp"
#include "service/job_store.hpp"

namespace berth::command {

class JobOperations : public OwnOperations {
 public:
  explicit JobOperations(service::JobStore& jobs);

  void drained(std::shared_ptr<loader::Reply> reply) override;
  void cancel(std::shared_ptr<loader::Reply> reply) override;
  std::size_t open_calls() const override { return m_watched.size(); }

 private:
  struct Watched {
    std::shared_ptr<loader::Reply> reply;
    service::JobStore::Pointer job;
    std::shared_ptr<void> watcher;
    bool full = false, news = true;
  };
  using Member = void (JobOperations::*)(const Pointer&);
  void add(loader::Operation operation, Member member);
  void list(const std::shared_ptr<loader::Reply>& reply);
  void show(const std::shared_ptr<loader::Reply>& reply);
  void stop(const std::shared_ptr<loader::Reply>& reply);
  void watch(const std::shared_ptr<loader::Reply>& reply);
  service::JobStore::Pointer find(loader::Reply& reply);  // null: it has failed
  void tell(std::uint64_t ticket);

  service::JobStore& m_jobs;
  std::unordered_map<std::uint64_t, Watched> m_watched;
  std::uint64_t m_last = 0;
};

}  // namespace berth::command
