// The host sees to it that a file which changes meanwhile is not sent false; pack.hpp does so for a folder's.
#include "download_operation.hpp"

#include <berth/plugin.hpp>
#include <memory>

#include "media_type.hpp"
#include "pack.hpp"

namespace workspace {

berth::Schema download_input() {
  using namespace berth;
  return object({
      field("path", string().max_length(4096).describe("A file, or a folder").example("output/report.pdf")),
      optional("archive", string().one_of({"tar", "zip"}).otherwise("tar").describe("What a folder is sent as")),
  });
}

void download(const Asked& asked, const berth::Call& call, Threads& threads) {
  const Place place = asked.place();
  const auto about = asked.root.look(place, true);
  const std::string name = place.path.empty() ? "workspace" : escaped(place.name());
  if (!S_ISDIR(about.st_mode)) {
    berth::Fd file = asked.root.open_file(place);
    call.file(file.release(), {std::string(media_type(name)), name, {}});
    return;
  }
  threads.demand_room(call.session());
  const bool zip = asked.text("archive", "tar") == "zip";
  const auto folder = std::make_shared<const berth::Fd>(asked.root.open_folder(place));
  threads.start(call.session(), [folder, call, name, zip, top = place.path.empty() ? "workspace" : place.name()] {
    call.guard([&] {
      call.begin({zip ? "application/zip" : "application/x-tar", name + (zip ? ".zip" : ".tar"), {}});
      pack(folder->get(), top, zip ? ArchiveKind::zip : ArchiveKind::tar,
           [&call](std::string_view bytes) { return call.bytes(bytes); });
      call.finish();
    });
  });
}

}  // namespace workspace
