// The client's leaving wakes the thread that waits for the kernel.
#include "watch_operation.hpp"

#include <atomic>
#include <berth/plugin.hpp>
#include <memory>
#include <utility>

#include "watch.hpp"

namespace workspace {

using berth::Json;
using What = Change::What;

namespace {

const char* change_word(What what) {
  switch (what) {
    case What::created: return "created";
    case What::changed: return "changed";
    case What::deleted: return "deleted";
    case What::moved: return "moved";
    case What::lost: return "lost";
    default: return "gone";
  }
}

std::string shown(const Place& folder, const std::string& path) {
  return Place{folder.path.empty() ? path : folder.path + "/" + path, folder.part}.shown();
}

bool tell(const berth::Call& call, const Place& folder, const Change& change) {
  Json event = Json::object();
  if (change.what == What::lost) {
    event = {{"path", folder.shown()}, {"why", "more happened than could be told: look at the folder again"}};
  } else if (change.what == What::gone) {
    event = {{"path", folder.shown()}};
  } else {
    event = {{"path", shown(folder, change.path)}, {"folder", change.folder}};
    if (change.what == What::moved) event["from"] = shown(folder, change.from);
  }
  return call.event(event, change_word(change.what));
}

}  // namespace

berth::Schema watch_input() {
  using namespace berth;
  return object({optional(
      "path",
      string().max_length(4096).otherwise("/workspace").describe("The folder that is watched, with all below it"))});
}

void watch(const Asked& asked, const berth::Call& call, Threads& threads) {
  threads.demand_room(call.session());
  const Place folder = asked.root.place(asked.text("path", "/workspace"));
  const auto watched = std::make_shared<Watch>(asked.root.open_folder(folder));
  const auto leaving = std::make_shared<std::atomic<bool>>(false);
  call.on_cancel([watched, leaving] {
    *leaving = true;  // the kernel takes its time to end a watch, and a client may come back at once
    watched->end();
  });
  auto work = [watched, folder, call] {
    call.guard([&] {
      if (call.event({{"path", folder.shown()}, {"folders", watched->folders()}}, "ready"))
        watched->run([&](const Change& change) { return tell(call, folder, change); });
      call.finish();
    });
  };
  threads.start(call.session(), std::move(work), leaving);
}

}  // namespace workspace
