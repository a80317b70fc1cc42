// One client's way to a server of MCP: a request out, its answer back, in bytes, and when that had come.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "../kit/connect.hpp"

namespace bench {

using Clock = std::chrono::steady_clock;

class Line {
 public:
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  virtual ~Line() = default;

  virtual int fd() const = 0;  // to be read
  // `id`: of the request, as text; empty: nothing is answered.
  virtual void send(const std::string& method, const std::string& message, const std::string& id) = 0;
  virtual bool take() = 0;          // reads what is there; whether nothing more is to come for what was sent
  virtual int process() const = 0;  // of its own; 0: none

  const std::string& answer() const { return m_answer; }
  Clock::time_point answered_at() const { return m_answered_at; }

 protected:
  void answered(std::string text) {
    m_answered_at = Clock::now();
    m_answer = std::move(text);
  }

 private:
  std::string m_answer;
  Clock::time_point m_answered_at;
};

// A kept connection of HTTP.
class HttpLine : public Line {
 public:
  struct Place {
    int port = 0;
    std::string path, token, version;
  };
  explicit HttpLine(const Place& place);
  ~HttpLine() override;

  int fd() const override { return m_fd; }
  void send(const std::string& method, const std::string& message, const std::string& id) override;
  bool take() override;
  int process() const override { return 0; }

 private:
  bool read_head();
  void read_chunks();
  void look_for_event();

  const Place m_place;
  int m_fd = -1;
  std::string m_session, m_id, m_held, m_body;
  bool m_head = false, m_events = false, m_chunked = false, m_ended = false, m_found = false;
  std::size_t m_length = 0, m_looked = 0;
};

// A program that is spoken with in lines.
class StdioLine : public Line {
 public:
  explicit StdioLine(const std::vector<std::string>& words);
  ~StdioLine() override;

  int fd() const override { return m_out; }
  void send(const std::string& method, const std::string& message, const std::string& id) override;
  bool take() override;
  int process() const override { return m_process; }

 private:
  int m_in = -1, m_out = -1, m_process = 0;
  std::string m_id, m_held;
};

// Whether a message is the answer to this request.
bool is_answer(const std::string& message, const std::string& id);

}  // namespace bench
