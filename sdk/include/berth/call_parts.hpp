// What a call consists of, for a plugin: the error that it may end with, and what comes and goes beside its JSON.
#ifndef BERTH_CALL_PARTS_HPP
#define BERTH_CALL_PARTS_HPP

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth {

using Json = nlohmann::json;

// Thrown by a handler, it becomes the answer.
class Error : public std::exception {
 public:
  Error(int status, std::string code, std::string message, std::string hint = {})
      : m_status(status), m_code(std::move(code)), m_message(std::move(message)), m_hint(std::move(hint)) {}
  const char* what() const noexcept override { return m_message.c_str(); }
  int status() const { return m_status; }
  const std::string& code() const { return m_code; }
  const std::string& message() const { return m_message; }
  const std::string& hint() const { return m_hint; }

 private:
  int m_status;
  std::string m_code, m_message, m_hint;
};

enum class Flow { ok, full, gone, wrong };  // as berth_flow

struct Head {  // of a download, or of an http answer
  std::string type = {}, name = {}, etag = {};
  bool page = false;  // of a web site: its scripts run, in a sandbox without any origin
  // http alone
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};  // further ones
  bool whole = false;  // all of it comes now: it leaves in one piece, with its length
};

// What an http operation is asked, besides its input: the client's own method, fields and bytes.
struct RawRequest {
  std::string method, fields, content;  // fields: "name: value\n" each, names in small letters
  // Of those that the declaration names. Empty text and absence are one.
  std::string_view field(std::string_view name) const {
    for (std::string_view rest = fields; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
      const auto line = rest.substr(0, rest.find('\n'));
      if (line.size() > name.size() + 1 && line.substr(0, name.size()) == name && line[name.size()] == ':')
        return line.substr(name.size() + 2);
    }
    return {};
  }
};

struct Message {  // of a socket
  std::string bytes;
  bool binary = false;
};

struct Upload {
  int fd = -1;  // at offset 0; the host closes it once the call is answered
  std::uint64_t size = 0;
  std::string type, name;

  // There is no body yet, only its size (0, if the client does not say), type and name. Refuse what cannot be taken;
  // any answer takes it.
  bool announced() const { return fd < 0; }

  // Gives `take` one piece after the other, from the start, as a std::string_view. In `blocking` operations only.
  template <class Take>
  void each(Take take) const {
    std::vector<char> block(256u << 10);
    for (std::uint64_t at = 0; at < size;) {
      const ssize_t got = ::pread(fd, block.data(), block.size(), static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw Error(500, "unreadable_upload", "the uploaded body cannot be read");
      take(std::string_view(block.data(), static_cast<std::size_t>(got)));
      at += static_cast<std::uint64_t>(got);
    }
  }
  // All of it, if it is small.
  std::string text(std::uint64_t at_most = 16u << 20) const {
    if (size > at_most) throw Error(413, "body_too_large", "at most " + std::to_string(at_most) + " bytes fit here");
    std::string all;
    each([&all](std::string_view piece) { all += piece; });
    return all;
  }
};

}  // namespace berth

#endif
