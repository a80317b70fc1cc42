// Files and messages: PUT, GET, list and DELETE under /shelf, and a chat on a WebSocket. Shows uploads, downloads,
// sockets, config.
#include <berth/plugin.hpp>
#include <dirent.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <vector>

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
        .blocking()
        .handle(&Shelf::remove);
    d.socket("chat", "/shelf-chat").summary("What one says, all hear").handle(&Shelf::chat);
  }

  explicit Shelf(const berth::Context& context) : m_folder(context.config.value("folder", std::string())) {
    if (!m_folder.empty()) return;
    char room[] = "/tmp/berth-shelf.XXXXXX";
    if (!::mkdtemp(room)) throw berth::Error(500, "no_folder", "no temporary folder can be made");
    m_folder = room;
    m_temporary = true;
  }
  ~Shelf() {
    if (!m_temporary) return;
    for (const auto& name : names()) ::unlink(path(name).c_str());
    ::rmdir(m_folder.c_str());
  }

 private:
  std::string path(const std::string& name) const { return m_folder + "/" + name; }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    DIR* folder = ::opendir(m_folder.c_str());
    if (!folder) return all;
    while (const dirent* one = ::readdir(folder)) {
      if (one->d_name[0] != '.') all.emplace_back(one->d_name);
    }
    ::closedir(folder);
    return all;
  }

  berth::Json put(const berth::Call& call) {
    const std::string name = call.input().at("name");
    const std::string half = path("." + name + "." + call.request_id());
    const int out = ::open(half.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) throw berth::Error(507, "no_room", "the file cannot be kept");
    std::vector<char> block(256u << 10);
    bool good = true;
    for (ssize_t got; good && (got = ::read(call.upload().fd, block.data(), block.size())) != 0;) {
      good = got > 0 && ::write(out, block.data(), static_cast<std::size_t>(got)) == got;
    }
    good = ::close(out) == 0 && good && std::rename(half.c_str(), path(name).c_str()) == 0;
    if (good) return {{"name", name}, {"size", call.upload().size}};
    ::unlink(half.c_str());
    throw berth::Error(507, "no_room", "the file cannot be kept");
  }

  void get(berth::Call call) {
    const std::string name = call.input().at("name");
    call.file(path(name), {{}, name, {}});
  }

  berth::Json list(const berth::Json&) {
    berth::Json files = berth::Json::array();
    for (const auto& name : names()) {
      struct stat info {};
      if (::stat(path(name).c_str(), &info) == 0) files.push_back({{"name", name}, {"size", info.st_size}});
    }
    return {{"files", std::move(files)}};
  }

  berth::Json remove(const berth::Json& input) {
    const std::string name = input.at("name");
    if (::unlink(path(name).c_str()) != 0) throw berth::Error(404, "no_file", "there is no file " + name);
    return {{"removed", name}};
  }

  // Calls into one instance come one after the other, and this operation is not `concurrent`: m_talkers needs no lock
  // but against on_cancel, which may come at any time.
  void chat(berth::Call call) {
    const auto talker = std::make_shared<berth::Call>(call);
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_talkers.insert(talker);
    call.on_message([this](berth::Message message) {
      const std::lock_guard<std::mutex> inner(m_mutex);
      for (const auto& other : m_talkers) other->message(message.bytes);
    });
    call.on_cancel([this, talker] {
      const std::lock_guard<std::mutex> inner(m_mutex);
      m_talkers.erase(talker);
      talker->finish();
    });
  }

  std::string m_folder;
  bool m_temporary = false;
  std::mutex m_mutex;  // guards what follows
  std::set<std::shared_ptr<berth::Call>> m_talkers;
};
BERTH_PLUGIN(Shelf);
