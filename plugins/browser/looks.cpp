// Operations that look at a page: as text; and what it has said.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Call;
using berth::Error;

void give_file(const Call& call, const std::string& bytes, const char* type, const char* name) {
  const int fd = ::memfd_create("page", MFD_CLOEXEC);
  std::size_t done = 0;
  while (fd >= 0 && done < bytes.size()) {
    const auto put = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (put <= 0) break;
    done += static_cast<std::size_t>(put);
  }
  if (fd < 0 || done < bytes.size() || ::lseek(fd, 0, SEEK_SET) != 0) {
    if (fd >= 0) ::close(fd);
    throw Error(503, "no_memory", std::string("there is no room for the file: ") + std::strerror(errno));
  }
  berth::Head head;
  head.type = type;
  head.name = name;
  call.file(fd, head);
}

Task<Json> Plugin::look(Turn& turn, std::shared_ptr<Tab> tab, std::size_t from, std::size_t most, bool only_changes) {
  const Tree tree = co_await tree_of(turn.patience, tab);
  auto lines = lines_of(tree, tab->refs());
  const auto shown = only_changes ? changes(tab->seen(), lines) : lines;
  const Piece piece = piece_of(shown, from, most);
  tab->seen() = std::move(lines);
  Json view = with("text", piece.text, "lines", shown.size());
  view["next"] = piece.next > 0 ? Json(piece.next) : Json();
  co_return view;
}

Task<Json> Plugin::snapshot(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const std::size_t from = input.value("from", 0u), most = input.value("max_bytes", 4000u);
  Json view = co_await look(turn, tab, from, most, input.value("changes", false));
  Json all = co_await outcome(turn, tab);
  all["snapshot"] = std::move(view);
  co_return all;
}

Task<Json> Plugin::console(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::uint64_t after = turn.input().value("after", 0u);
  Json lines = Json::array();
  for (const Said& one : tab->console())
    if (one.number > after)
      lines.push_back(with("number", one.number, "kind", one.kind, "text", one.text, "where", one.where));
  co_return with("tab", tab->names().id, "lines", std::move(lines));
}

}  // namespace browser
