// The host's log: one JSON line an event, or a readable one on a terminal. Writing never blocks the caller: lines go to
// a bounded buffer that one thread empties; what does not fit is counted and said.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::service {

enum class Level { debug, info, warn, error };

class Log {
 public:
  // A field's value is JSON text already if `raw`, otherwise text to be quoted.
  struct Field {
    std::string_view name;
    std::string value;
    bool raw = false;
    Field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const char* v) : name(n), value(v) {}
    Field(std::string_view n, std::int64_t v) : name(n), value(std::to_string(v)), raw(true) {}
    static Field json(std::string_view n, std::string v) {
      Field f(n, std::move(v));
      f.raw = true;
      return f;
    }
  };
  using Fields = std::vector<Field>;

  struct Options {
    Level least = Level::info;
    bool json = true;  // false: readable lines
    bool colour = false;
    std::size_t buffer = 4u << 20;
  };

  Log(int fd, Options options);  // does not own fd
  // Hands every line on as it comes, on its writer's thread: to a log that is kept elsewhere.
  using Forward = std::function<void(Level, std::string_view who, std::string_view message, const Fields&)>;
  explicit Log(Forward forward);
  ~Log();  // writes what is buffered, then stops its thread; waits for a reader that stalls 1 s
  Log(const Log&) = delete;

  bool wants(Level level) const;
  // `who` is the room or the plugin that speaks.
  void write(Level level, std::string_view who, std::string_view message, const Fields& fields = {});
  void flush();  // returns when all that was written before is out, or a reader has taken nothing for 1 s

 private:
  struct Body;
  std::unique_ptr<Body> m_body;  // null: forwarded
  Forward m_forward;
};

}  // namespace berth::service
