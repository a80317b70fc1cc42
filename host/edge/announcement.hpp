// Tells an operation of an upload before its body is taken in: what it would refuse for its name or its size is refused
// then, and need not be sent.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "edge/exchange.hpp"

namespace berth::edge {

// Hears what the operation says to it: a refusal, or anything else.
class Announcement : public routing::Sink {
 public:
  using Heard = std::function<void(std::optional<service::Error>)>;
  explicit Announcement(Heard heard) : m_heard(std::move(heard)) {}
  void send(std::string) override { m_heard(std::nullopt); }
  void fail(service::Error error) override { m_heard(std::move(error)); }

  // What an upload is not answered with.
  void file(service::UniqueFd, loader::Head) override {}
  void begin(loader::Head) override {}
  void chunk(loader::Chunk) override {}
  void finish(std::uint32_t, std::string) override {}

 private:
  const Heard m_heard;
};

// An exchange whose body waits until its operation has heard of it.
class AnnouncedExchange : public Exchange {
 public:
  using Exchange::Exchange;
  bool hungry() const override { return !m_announcing; }
  bool asking() const override { return m_announcing; }

 protected:
  void announce(routing::Ask ask);  // with the size, the type and the name of what is to come
  virtual void taken() {}           // the operation has nothing against it. Otherwise it is refused
  // The rules were asked when it was announced, so that they are not again for the call that follows.
  bool charged() const { return m_inbound.route->operation.announced; }

 private:
  void heard(std::optional<service::Error> refusal);

  bool m_announcing = false;
};

}  // namespace berth::edge
