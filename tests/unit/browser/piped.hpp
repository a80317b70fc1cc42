// A browser made of two pipes, for tests: what it hears, and what it says.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "cdp.hpp"

namespace browser {

class Piped : public testing::Test {
 protected:
  explicit Piped(Cdp::Ears ears) {
    int to[2], from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    m_read = berth::Fd(to[0]);
    m_write = berth::Fd(from[1]);
    m_loop.wait_for(
        [&] { m_cdp = std::make_shared<Cdp>(m_loop, berth::Fd(to[1]), berth::Fd(from[0]), std::move(ears)); });
  }
  ~Piped() override {
    part_ways();
    m_loop.end();
  }
  // Whoever waits for something does not wait any more.
  void give_up() {
    m_loop.wait_for([this] { m_patients.end({503, "over", "over"}); });
  }
  // Before what its ears tell is gone.
  void part_ways() {
    give_up();
    m_loop.wait_for([this] { m_cdp.reset(); });
  }
  std::string heard() {
    std::string block(1u << 16, '\0');
    while (m_heard.find('\0') == m_heard.npos) {
      const auto got = ::read(m_read.get(), block.data(), block.size());
      if (got <= 0) break;
      m_heard.append(block.data(), static_cast<std::size_t>(got));
    }
    const std::string all = m_heard.substr(0, m_heard.find('\0'));
    m_heard.erase(0, all.size() + 1);
    return all;
  }
  void say(std::string text) {
    text += '\0';
    ASSERT_EQ(::write(m_write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  loop::Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
  Patients m_patients{m_loop};
  berth::Fd m_read, m_write;
  std::string m_heard;
  std::shared_ptr<Cdp> m_cdp;
};

}  // namespace browser
