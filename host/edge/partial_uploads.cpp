// Small files, read and written on the I/O thread: a handful of bytes a few times per upload.
#include "edge/partial_uploads.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::edge {

namespace fs = std::filesystem;
using service::Error;
using service::Result;

namespace {

constexpr std::size_t most_at_once = 1000;
constexpr std::size_t most_answer = 4u << 20;

bool is_id(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Seconds since 1970; 0: there is no such file.
std::int64_t changed(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 ? info.st_mtim.tv_sec : 0;
}

Error not_found() {
  return {404, "upload_not_found", "there is no such upload", "it may have expired; begin it again"};
}

}  // namespace

PartialUploads::PartialUploads(std::string folder, const service::Clock& clock, std::chrono::seconds lives)
    : m_folder(std::move(folder)), m_clock(clock), m_lives(lives) {}

std::optional<Error> PartialUploads::store(const PartialUpload& upload) const {
  nlohmann::json meta{{"operation", upload.operation}, {"session", upload.session}, {"caller", upload.caller},
                      {"type", upload.type},           {"name", upload.name},       {"length", upload.length},
                      {"input", upload.input}};
  if (upload.answer) meta["answer"] = *upload.answer;
  return service::write_file(path(upload.id, ".json"),
                             meta.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<PartialUpload> PartialUploads::create(PartialUpload upload) {
  std::error_code failed;
  std::size_t files = 0;
  for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) ++files;
  if (files >= 2 * most_at_once) {
    Error busy{503, "busy", "too many uploads are under way", "finish or DELETE some of them"};
    busy.retry_after = std::chrono::seconds(60);
    return busy;
  }
  upload.id = service::hex(service::random_bytes(16));
  const service::UniqueFd file(::open(path(upload.id, ".part").c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!file) return Error{507, "disk_full", "the upload cannot be begun: its file cannot be made"};
  if (auto error = store(upload)) {
    remove(upload.id);
    return *error;
  }
  return upload;
}

Result<PartialUpload> PartialUploads::find(const std::string& id, const std::string& caller) const {
  if (!is_id(id)) return not_found();
  const auto text = service::read_file(path(id, ".json"));
  if (!text) return not_found();
  const auto meta = nlohmann::json::parse(*text, nullptr, false);
  if (!meta.is_object() || meta.value("caller", "") != caller) return not_found();
  PartialUpload upload{id,
                       meta.value("operation", ""),
                       meta.value("session", "main"),
                       caller,
                       meta.value("type", ""),
                       meta.value("name", ""),
                       meta.value("length", std::uint64_t{0}),
                       0,
                       meta.value("input", nlohmann::json::object()),
                       std::nullopt};
  if (meta.contains("answer")) {
    upload.answer = meta["answer"].get<std::string>();
    upload.offset = upload.length;
    return upload;
  }
  struct stat info {};
  if (::stat(path(id, ".part").c_str(), &info) != 0) return not_found();
  upload.offset = static_cast<std::uint64_t>(info.st_size);
  return upload;
}

Result<service::UniqueFd> PartialUploads::open(const std::string& id) const {
  service::UniqueFd file(::open(path(id, ".part").c_str(), O_RDWR | O_CLOEXEC));
  if (!file) return not_found();
  return file;
}

void PartialUploads::answered(const PartialUpload& upload, const std::string& answer) {
  PartialUpload done = upload;
  done.answer = answer;
  // Too large to be found again, or no room for it: the client that is here has it already.
  if (answer.size() > most_answer || store(done)) return remove(upload.id);
  std::error_code ignored;
  fs::remove(path(upload.id, ".part"), ignored);
}

void PartialUploads::remove(const std::string& id) {
  std::error_code ignored;
  fs::remove(path(id, ".part"), ignored);
  fs::remove(path(id, ".json"), ignored);
}

void PartialUploads::forget(const std::string& session) {
  std::vector<std::string> ids;
  std::error_code failed;
  for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() != ".json" || !is_id(at->path().stem())) continue;
    const auto text = service::read_file(at->path());
    const auto meta = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    if (meta.is_object() && meta.value("session", "") == session) ids.push_back(at->path().stem());
  }
  for (const auto& id : ids) remove(id);
}

void PartialUploads::sweep() {
  const auto oldest = std::chrono::duration_cast<std::chrono::seconds>(m_clock.wall().time_since_epoch()) - m_lives;
  std::error_code failed;
  for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string id = at->path().stem().string();
    if (!is_id(id) || m_locked.contains(id)) continue;
    if (std::max(changed(path(id, ".part")), changed(path(id, ".json"))) < oldest.count()) remove(id);
  }
}

}  // namespace berth::edge
