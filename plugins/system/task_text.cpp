// What is missing or is no number stays 0, but for what a process is known by.
#include "task_text.hpp"

#include <algorithm>
#include <array>

#include "fields.hpp"

namespace machine {

using berth::Json;

std::optional<TaskStat> task_stat_of(std::string_view stat) {
  const auto open = stat.find('('), close = stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  const auto pid = number_of<std::int64_t>(trimmed(stat.substr(0, open)));
  // From the state on, which proc(5) counts as the third.
  const auto words = words_of(stat.substr(close + 1));
  if (!pid || words.size() < 22 || words[0].size() != 1) return std::nullopt;
  const auto whole = [&words](std::size_t third) { return number_of<std::uint64_t>(words[third - 3]).value_or(0); };
  TaskStat task;
  task.pid = *pid;
  task.name = shown(stat.substr(open + 1, close - open - 1), 64);
  task.state = words[0][0];
  task.parent = number_of<std::int64_t>(words[1]).value_or(0);
  task.ticks = whole(14) + whole(15);
  task.nice = number_of<std::int64_t>(words[16]).value_or(0);
  task.threads = whole(20);
  task.begun = whole(22);
  task.virtual_size = whole(23);
  task.resident_pages = whole(24);
  return task;
}

std::string state_word(char state) {
  switch (state) {
    case 'R': return "running";
    case 'S': return "sleeping";
    case 'D': return "waiting";
    case 'Z': return "zombie";
    case 'T': return "stopped";
    case 't': return "traced";
    case 'I': return "idle";
    case 'X':
    case 'x': return "dead";
    default: return "unknown";
  }
}

TaskStatus task_status_of(std::string_view status) {
  const auto table = table_of(status);
  const auto value = [&table](const char* key) {
    const auto at = table.find(key);
    return at == table.end() ? std::string_view() : std::string_view(at->second);
  };
  const auto users = words_of(value("Uid"));  // real, effective, saved, of the file system
  const auto bytes = [&value](const char* key) { return bytes_of(value(key)).value_or(0); };
  return {users.size() < 2 ? std::nullopt : number_of<unsigned>(users[1]), bytes("VmHWM"),
          bytes("RssFile") + bytes("RssShmem"), bytes("VmSwap"), bytes("VmData")};
}

Json limits_of(std::string_view limits) {
  Json all = Json::array();
  const auto value = [](std::string_view word) {
    const auto number = number_of<std::uint64_t>(word);
    return number ? Json(*number) : Json(nullptr);
  };
  for (const auto line : lines_of(limits)) {
    if (line.substr(0, 4) != "Max " || all.size() == 64) continue;
    // The name has single blanks; from the first two on come the columns.
    const auto end = line.find("  ");
    const auto words = end == std::string_view::npos ? std::vector<std::string_view>() : words_of(line.substr(end));
    if (words.size() < 2) continue;
    Json one{{"name", shown(line.substr(4, end - 4))}, {"soft", value(words[0])}, {"hard", value(words[1])}};
    if (words.size() > 2) one["unit"] = shown(words[2]);
    all.push_back(std::move(one));
  }
  return all;
}

std::string command_of(std::string_view cmdline) {
  std::string text(cmdline.substr(0, cmdline.find_last_not_of('\0') + 1));
  std::replace(text.begin(), text.end(), '\0', ' ');
  return shown(text, 4096);
}

}  // namespace machine
