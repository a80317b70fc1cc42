// Files and messages: PUT, GET, list and DELETE under /shelf, and a chat on a WebSocket. Shows uploads, downloads,
// sockets, config.
#include <berth/plugin.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <vector>

namespace fs = std::filesystem;

class Shelf {
 public:
  static void declare(berth::Declaration<Shelf>& d) {
    using namespace berth;
    const auto name = string().pattern("^[A-Za-z0-9_][A-Za-z0-9._-]*$").max_length(100).describe("A file's name");
    const auto one = object({field("name", name)});
    d.plugin("shelf", "1.0.0", "Keeps files, and lets people talk about them");
    d.config(
        object({optional("folder", string().describe("Where the files are kept; a temporary folder if not given"))}));
    d.upload("put", "/shelf/{name}", "PUT")
        .summary("Keeps a file")
        .input(one)
        .idempotent()
        .concurrent()
        .blocking()
        .handle(&Shelf::put);
    d.download("get", "/shelf/{name}")
        .summary("Gives a file back")
        .input(one)
        .concurrent()
        .blocking()
        .handle(&Shelf::get);
    d.get("list", "/shelf").summary("The files there are").concurrent().blocking().handle(&Shelf::list);
    d.del("remove", "/shelf/{name}")
        .summary("Removes a file")
        .input(one)
        .destructive()
        .concurrent()
        .blocking()
        .handle(&Shelf::remove);
    d.socket("chat", "/shelf-chat").summary("What one says, all hear").concurrent().handle(&Shelf::chat);
  }

  explicit Shelf(const berth::Context& context) : m_folder(context.config.value("folder", std::string())) {
    std::error_code failed;
    if (!m_folder.empty()) {
      fs::create_directories(m_folder, failed);
      if (!fs::is_directory(m_folder, failed)) throw berth::Error(500, "no_folder", "there is no folder " + m_folder);
      return;
    }
    std::string room = (fs::temp_directory_path(failed) / "berth-shelf.XXXXXX").string();
    if (failed || !::mkdtemp(room.data())) throw berth::Error(500, "no_folder", "no temporary folder can be made");
    m_folder = room;
    m_temporary = true;
  }
  ~Shelf() {
    std::error_code ignored;
    if (m_temporary) fs::remove_all(m_folder, ignored);
  }

 private:
  std::string path(const std::string& name) const { return m_folder + "/" + name; }
  static berth::Error missing(const std::string& name) {
    return {404, "no_file", "there is no file " + name, "GET /shelf lists the files there are"};
  }

  // Written beside and renamed over, so that nobody ever reads half a file.
  berth::Json put(const berth::Call& call) {
    const std::string name = call.input().at("name");
    const berth::Error no_room(507, "no_room", "the file cannot be kept", "make room in the shelf's folder");
    std::string half = path(".half.XXXXXX");
    const int out = ::mkostemp(half.data(), O_CLOEXEC);
    if (out < 0) throw no_room;
    bool good = true;
    call.upload().each([&](std::string_view piece) {
      good = good && ::write(out, piece.data(), piece.size()) == static_cast<ssize_t>(piece.size());
    });
    std::error_code failed;
    if (::close(out) == 0 && good) {
      fs::rename(half, path(name), failed);
      if (!failed) return {{"name", name}, {"size", call.upload().size}};
    }
    fs::remove(half, failed);
    throw no_room;
  }

  void get(berth::Call call) {
    const std::string name = call.input().at("name");
    if (::access(path(name).c_str(), F_OK) != 0) throw missing(name);
    call.file(path(name), {{}, name, {}});
  }

  berth::Json list(const berth::Json&) {
    std::map<std::string, std::uintmax_t> sizes;
    std::error_code failed;
    for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) {
      const std::string name = at->path().filename().string();
      std::error_code gone;
      if (name[0] != '.' && at->is_regular_file(gone)) sizes[name] = at->file_size(gone);
    }
    berth::Json files = berth::Json::array();
    for (const auto& [name, size] : sizes) files.push_back({{"name", name}, {"size", size}});
    return {{"files", std::move(files)}};
  }

  berth::Json remove(const berth::Json& input) {
    const std::string name = input.at("name");
    if (::unlink(path(name).c_str()) != 0) throw missing(name);
    return {{"removed", name}};
  }

  // A talker stays as long as its call: on_cancel comes when its client leaves, at any time, also at once. Nothing is
  // sent under the lock, since the host may call back while it takes a message.
  void chat(berth::Call call) {
    const int seat = join(call);
    call.on_message([this](berth::Message message) {
      for (const auto& talker : talkers()) {
        message.binary ? talker.binary(message.bytes) : talker.message(message.bytes);
      }
    });
    call.on_cancel([this, seat, call] {
      leave(seat);
      call.finish();
    });
  }
  int join(const berth::Call& call) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_talkers.emplace(++m_seats, call);
    return m_seats;
  }
  void leave(int seat) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_talkers.erase(seat);
  }
  std::vector<berth::Call> talkers() {
    const std::lock_guard<std::mutex> lock(m_mutex);
    std::vector<berth::Call> all;
    for (const auto& [seat, call] : m_talkers) all.push_back(call);
    return all;
  }

  std::string m_folder;
  bool m_temporary = false;
  std::mutex m_mutex;  // guards what follows
  std::map<int, berth::Call> m_talkers;
  int m_seats = 0;
};
BERTH_PLUGIN(Shelf);
