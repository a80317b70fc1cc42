// What a document's other parts say that its text needs: styles, numbering, comments and notes; read before the text
// itself, in one look.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"
#include "package.hpp"

namespace docx {

enum class Role {
  none,
  document,
  styles,
  numbering,
  settings,
  fonts,
  comments,
  comments_extended,
  people,
  footnotes,
  endnotes,
  header,
  footer
};

// What a part is to the document: by the document's relationships.
Role role_of(const ooxml::Package& package, const ooxml::Part& part);
const ooxml::Part* part_of(const ooxml::Package& package, Role role);  // null: there is none

struct Style {
  std::string id{}, name{}, type{}, based_on{};
  int outline = -1, numbering = -1, level = 0;
  bool is_default = false;
  bool east_asian = false;  // it says a font for Chinese, Japanese and Korean
};

// What is kept of parts that may be of any size.
constexpr std::size_t most_kept = 50'000, most_kept_text = 32u << 20;

class Styles {
 public:
  void add(Style style);
  const Style* find(std::string_view id) const;
  const std::map<std::string, Style, std::less<>>& all() const { return m_all; }
  // The level of a heading, from 1; 0: it is none. By its own word, that of a style it is based on, or its name.
  int heading(std::string_view id) const;
  const Style* numbered(std::string_view id) const;  // itself or one it is based on, that has a numbering
  // Whether text in this style has a font for Chinese, Japanese and Korean; without an id: in the default style.
  bool east_asian(std::string_view id) const;
  const Style* default_of(std::string_view type) const;
  bool defaults_east_asian = false;  // the document's defaults say such a font

 private:
  std::map<std::string, Style, std::less<>> m_all;
};

class Numbering {
 public:
  struct Level {
    std::string format{}, text{};
    int start = 1;
  };
  std::map<int, std::map<int, Level>> abstracts{};
  std::map<int, int> numbers{};  // numId to its abstract one
  const Level* level(int number, int level) const;
};

struct Comment {
  std::string id{}, author{}, date{}, initials{}, text{};
  std::string paragraph{};  // w14:paraId of its last paragraph
  std::string parent{};     // the id of the comment that it replies to
  bool resolved = false;
};

struct Library {
  Styles styles{};
  Numbering numbering{};
  std::vector<Comment> comments{};
  std::map<std::string, std::string> footnotes{}, endnotes{};  // id to text
  struct Thread {
    std::string parent{};
    bool done = false;
  };
  std::map<std::string, Thread> threads{};  // by w14:paraId

  const Comment* comment(std::string_view id) const;
  void join_threads();  // once all has been read
};

// Reads one of the library's parts; null: this is none.
std::unique_ptr<ooxml::Handler> library_reader(Library& library, Role role);

// Reads a package: the library first, then what `reader` takes of the other parts (null: nothing). False: stopped. The
// first thing that is no XML or cannot be inflated ends it: berth::Error (422).
using PartReader = std::function<std::unique_ptr<ooxml::Handler>(const ooxml::Part& part, Role role)>;
bool read_all(const ooxml::Package& package, Library& library, const PartReader& reader,
              const std::function<void(double)>& progress = {}, const std::function<bool()>& stop = {});

}  // namespace docx
