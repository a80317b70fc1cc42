// A folder of the plugin's own, that stays. In `blocking` operations and constructors:
//
//   m_files.write("notes/today.txt", text);
//   const std::string all = m_files.read("notes/today.txt");   // Error(404) if it is not there
//
// No name leads out of it; what write() replaces is old or new, never half.
#ifndef BERTH_SERVICE_FILES_HPP
#define BERTH_SERVICE_FILES_HPP

#include <berth/service/files.h>
#include <berth/service/support.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

class Files {
 public:
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;
    bool folder = false;
    std::int64_t modified_ms = 0;
  };
  explicit Files(const berth_host* host) : m_host(host), m_api(detail::lent<berth_files>(host, BERTH_FILES)) {}
  explicit Files(const Context& context) : Files(context.host) {}

  // All throw Error: 404 no_file, 413 file_too_large, 422 bad_name, 507 disk_full, …
  std::string read(std::string_view name, std::uint64_t at_most = 16u << 20) const {
    Got got;
    const auto answer = got.answer();
    m_api->read(m_host, detail::text(name), at_most, &answer);
    return got.give(got.content);
  }
  std::optional<std::string> read_if_there(std::string_view name, std::uint64_t at_most = 16u << 20) const {
    try {
      return read(name, at_most);
    } catch (const Error& error) {
      if (error.status() != 404) throw;
      return std::nullopt;
    }
  }
  void write(std::string_view name, std::string_view content, bool sync = true) const {
    Got got;
    const auto answer = got.answer();
    m_api->write(m_host, detail::text(name), detail::text(content), sync ? 1 : 0, &answer);
    got.check();
  }
  void append(std::string_view name, std::string_view content, bool sync = false) const {
    Got got;
    const auto answer = got.answer();
    m_api->append(m_host, detail::text(name), detail::text(content), sync ? 1 : 0, &answer);
    got.check();
  }
  void remove(std::string_view name) const {
    Got got;
    const auto answer = got.answer();
    m_api->remove(m_host, detail::text(name), &answer);
    got.check();
  }
  std::vector<Entry> list(std::string_view folder = {}) const {
    Got got;
    const auto answer = got.answer();
    m_api->list(m_host, detail::text(folder), &answer);
    return got.give(got.entries);
  }
  // For `call.file(m_files.open(name), head)`, which takes it over.
  int open(std::string_view name) const {
    Got got;
    const auto answer = got.answer();
    const int fd = m_api->open(m_host, detail::text(name), &answer);
    got.check();
    return fd;
  }
  std::string path() const { return detail::copy(m_api->path(m_host)); }

 private:
  struct Got {
    std::string content;
    std::vector<Entry> entries;
    std::optional<Error> error;

    berth_files_answer answer() { return {sizeof(berth_files_answer), 0, this, &on_content, &on_entry, &on_fail}; }
    void check() const {
      if (error) throw *error;
    }
    template <class T>
    T give(T& from) const {
      check();
      return std::move(from);
    }
    static void on_content(void* with, berth_text bytes) { static_cast<Got*>(with)->content = detail::copy(bytes); }
    static void on_entry(void* with, const berth_files_entry* one) {
      static_cast<Got*>(with)->entries.push_back(
          {detail::copy(one->name), one->bytes, one->folder != 0, one->modified_ms});
    }
    static void on_fail(void* with, const berth_failure* why) {
      static_cast<Got*>(with)->error.emplace(why->status, detail::copy(why->code), detail::copy(why->message),
                                             detail::copy(why->hint));
    }
  };

  const berth_host* m_host;
  const berth_files* m_api;
};

}  // namespace berth

#endif
