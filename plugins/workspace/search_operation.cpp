// One event a match, and one at the end that says how much was looked at and whether that was all.
#include "search_operation.hpp"

#include <dirent.h>

#include <algorithm>
#include <berth/plugin.hpp>
#include <chrono>
#include <memory>

#include "search.hpp"

namespace workspace {

using berth::Json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t most_results = 100'000, usual_results = 1000, most_seconds = 600, usual_seconds = 60;

SearchWish wish_of(const Json& input) {
  SearchWish wish;
  const std::string pattern = input.value("pattern", "");
  if (!pattern.empty())
    wish.matcher.emplace(Pattern{pattern, input.value("fixed", false), input.value("ignore_case", false)});
  if (input.contains("glob")) wish.globs = Globs(input.at("glob").get<std::vector<std::string>>());
  wish.hidden = input.value("hidden", false);
  wish.files_only = input.value("files_only", false);
  wish.limit = input.value("limit", usual_results);
  return wish;
}

const char* word_for(unsigned char type) {
  return type == DT_DIR ? "folder" : type == DT_LNK ? "link" : type == DT_REG ? "file" : "other";
}

class Streaming {
 public:
  Streaming(const Asked& asked, const berth::Call& call)
      : m_call(call),
        m_wish(wish_of(asked.input)),
        m_folder(asked.place()),
        m_until(Clock::now() + std::chrono::seconds(asked.input.value("seconds", usual_seconds))) {
    // Names in a file there are none, so without a pattern it is a folder that is meant.
    m_one_file = S_ISREG(asked.root.look(m_folder, true).st_mode) && m_wish.matcher;
    m_opened = m_one_file ? asked.root.open_file(m_folder) : asked.root.open_folder(m_folder);
  }

  void run(Helpers& helpers) {
    Search search(
        m_wish, helpers, [this](Found&& found) { return told(found); }, [this] { return more(); });
    end(m_one_file ? search.run_file(m_opened.get(), m_folder.path) : search.run(m_opened.get()));
  }

 private:
  // Asked for each file and block: a look at the clock is cheap, a word with the host is not.
  bool more() {
    const auto now = Clock::now();
    m_late = m_late || now > m_until;
    if (now > m_next) {
      m_next = now + std::chrono::milliseconds(20);
      m_left = m_left || m_call.cancelled();
    }
    return !m_late && !m_left;
  }

  bool told(const Found& found) {
    Json event{{"path", (m_one_file ? m_folder : within_all(found.path)).shown()}};
    if (!found.line) {
      event["type"] = word_for(found.type);
    } else {
      event.update({{"line", found.line->number}, {"column", found.line->column}, {"text", found.line->text}});
      if (found.line->cut) event["cut"] = true;
    }
    m_left = m_left || !m_call.event(event, "match");
    return !m_left;
  }
  Place within_all(const std::string& path) const {
    Place place = m_folder;
    for (std::size_t at = 0; at < path.size();) {
      const auto slash = std::min(path.find('/', at), path.size());
      place = within(place, std::string_view(path).substr(at, slash - at));
      at = slash + 1;
    }
    return place;
  }

  void end(const SearchCounts& counts) {
    Json event{{"found", counts.found},
               {"searched", counts.files},
               {"binary", counts.binary},
               {"unreadable", counts.unreadable},
               {"whole", !counts.limited && !counts.stopped}};
    if (counts.limited) event["why"] = "there may be more: the limit was reached";
    if (m_late) event["why"] = "there may be more: the time was over";
    if (!m_left) m_call.event(event, "end");
    m_call.finish();
  }

  const berth::Call m_call;
  const SearchWish m_wish;
  const Place m_folder;
  const Clock::time_point m_until;
  berth::Fd m_opened;
  Clock::time_point m_next{};
  bool m_late = false, m_left = false, m_one_file = false;
};

}  // namespace

berth::Schema search_input() {
  using namespace berth;
  return object({
      optional("path",
               string().max_length(4096).otherwise("/workspace").describe("The folder, or one file, that is searched")),
      optional(
          "pattern",
          string()
              .max_length(1000)
              .describe("What lines are to match: a regular expression as RE2 has them. Without it names are searched")
              .example("TODO|FIXME")),
      optional("fixed", boolean().otherwise(false).describe("Take the pattern as it stands and not as an expression")),
      optional("ignore_case", boolean().otherwise(false).describe("Upper and lower case are the same")),
      optional("glob", array(string().min_length(1).max_length(300))
                           .max_items(32)
                           .describe("Which names: with a slash the whole path below the folder, otherwise the last "
                                     "name. \"!\" before one leaves out")
                           .example(Json::array({"*.py", "!build"}))),
      optional("hidden", boolean().otherwise(false).describe("Names that begin with a dot, too")),
      optional("files_only", boolean().otherwise(false).describe("One match a file is enough")),
      optional("limit",
               integer().minimum(1).maximum(most_results).otherwise(usual_results).describe("At most so many results")),
      optional("seconds",
               integer().minimum(1).maximum(most_seconds).otherwise(usual_seconds).describe("At most so long")),
  });
}

void search(const Asked& asked, const berth::Call& call, Threads& threads, Helpers& helpers) {
  threads.demand_room(call.session());
  const auto streaming = std::make_shared<Streaming>(asked, call);  // says what is wrong, if anything is
  threads.start(call.session(), [streaming, call, &helpers] { call.guard([&] { streaming->run(helpers); }); });
}

}  // namespace workspace
