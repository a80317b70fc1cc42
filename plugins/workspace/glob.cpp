// A pattern without a slash is about the last name of a path, one with a slash about all of it.
#include "glob.hpp"

#include <berth/call.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

#include "utf8.hpp"

namespace workspace {

using berth::Error;

namespace {

class Translation {
 public:
  explicit Translation(std::string_view glob) : m_glob(glob) {}

  std::string run() {
    while (m_at < m_glob.size()) one();
    if (m_open > 0) throw wrong("a { without its }");
    return std::move(m_out);
  }

 private:
  Error wrong(const char* what) const {
    return {422, "bad_glob", std::string(what) + " in the pattern " + std::string(m_glob),
            R"(write "*.txt", "src/**/*.cpp", "{a,b}", "[0-9]"; "\" before a sign takes it as it is)"};
  }
  bool take(std::string_view what) {
    if (m_glob.substr(m_at, what.size()) != what) return false;
    m_at += what.size();
    return true;
  }
  void one() {
    const bool at_start = m_at == 0 || m_glob[m_at - 1] == '/';
    if (at_start && take("**/")) return add("(?:.*/)?");
    if (take("**")) return add(".*");
    if (take("*")) return add("[^/]*");
    if (take("?")) return add("[^/]");
    if (take("[")) return set();
    if (take("{")) return ++m_open, add("(?:");
    if (m_open > 0 && take(",")) return add("|");
    if (m_open > 0 && take("}")) return --m_open, add(")");
    if (take("\\") && m_at == m_glob.size()) throw wrong("a \\ with nothing after it");
    literal(m_glob[m_at++]);
  }
  void set() {
    const bool without = take("!") || take("^");
    const auto end = m_glob.find(']', m_at + 1);
    if (end == std::string_view::npos) throw wrong("a [ without its ]");
    add(without ? "[^/" : "[");
    for (; m_at < end; ++m_at) {
      if (m_glob[m_at] == '\\' || m_glob[m_at] == '[' || m_glob[m_at] == ']' || m_glob[m_at] == '^') m_out += '\\';
      m_out += m_glob[m_at];
    }
    ++m_at;
    m_out += ']';
  }
  void literal(char c) {
    if (static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_')
      m_out += '\\';
    m_out += c;
  }
  void add(std::string_view regex) { m_out += regex; }

  const std::string_view m_glob;
  std::size_t m_at = 0;
  unsigned m_open = 0;
  std::string m_out;
};

RE2::Options options(bool bytes) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(1 << 20);
  if (bytes) options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

}  // namespace

// "?" is a character; in a name that is no UTF-8 it is a byte.
struct Globs::One {
  std::unique_ptr<RE2> characters, bytes;
  bool whole_path;

  bool match(const std::string& path, bool text) const {
    const auto slash = path.rfind('/');
    const re2::StringPiece about(whole_path || slash == std::string::npos ? re2::StringPiece(path)
                                                                          : re2::StringPiece(path).substr(slash + 1));
    return RE2::FullMatch(about, text ? *characters : *bytes);
  }
};

Globs::Globs(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    std::string_view glob = pattern;
    const bool without = glob.substr(0, 1) == "!";
    if (without) glob.remove_prefix(1);
    const bool whole_path = glob.find('/') != std::string_view::npos;
    if (glob.substr(0, 1) == "/") glob.remove_prefix(1);
    if (!glob.empty() && glob.back() == '/') glob.remove_suffix(1);
    const std::string regex = Translation(glob).run();
    One one{std::make_unique<RE2>(regex, options(false)), std::make_unique<RE2>(regex, options(true)), whole_path};
    if (!one.characters->ok() || !one.bytes->ok())
      throw Error(422, "bad_glob", "the pattern " + pattern + " cannot be used: " + one.characters->error());
    (without ? m_unwanted : m_wanted).push_back(std::move(one));
  }
}
Globs::Globs(Globs&&) noexcept = default;
Globs& Globs::operator=(Globs&&) noexcept = default;
Globs::~Globs() = default;

bool Globs::any(const std::vector<One>& of, const std::string& path) {
  if (of.empty()) return false;
  const bool text = first_misfit(path) == std::string_view::npos;
  return std::any_of(of.begin(), of.end(), [&](const One& one) { return one.match(path, text); });
}

bool Globs::match(const std::string& path) const {
  return (m_wanted.empty() || any(m_wanted, path)) && !any(m_unwanted, path);
}

bool Globs::leaves_out(const std::string& path) const { return any(m_unwanted, path); }

}  // namespace workspace
