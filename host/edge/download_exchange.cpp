// Sends files block by block, read on a pool thread, and pieces as their client takes them.
#include "edge/download_exchange.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "edge/answer.hpp"
#include "edge/byte_range.hpp"
#include "edge/chunked.hpp"
#include "edge/connection.hpp"
#include "edge/content_policy.hpp"
#include "edge/gzip.hpp"
#include "routing/problem.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

constexpr std::size_t read_size = 256u << 10;
constexpr std::size_t most_in_flight = 64u << 10;

bool same(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

std::string etag_of(const struct stat& file) {
  const std::string seed = std::to_string(file.st_dev) + "." + std::to_string(file.st_ino) + "." +
                           std::to_string(file.st_size) + "." + std::to_string(file.st_mtim.tv_sec) + "." +
                           std::to_string(file.st_mtim.tv_nsec);
  return service::hex(service::sha256(seed)).substr(0, 24);
}

std::string read_whole(int fd, const struct stat& before) {
  std::string all(static_cast<std::size_t>(before.st_size), '\0');
  std::size_t at = 0;
  while (at < all.size()) {
    const ssize_t got = ::pread(fd, all.data() + at, all.size() - at, static_cast<off_t>(at));
    if (got <= 0) return {};
    at += static_cast<std::size_t>(got);
  }
  struct stat now {};
  if (::fstat(fd, &now) != 0 || !same(before, now)) all.clear();
  return all;
}

std::string disposition(std::string_view name) {
  std::string ascii;
  for (const char c : name) ascii += (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') ? c : '_';
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + service::percent_encode(name);
}

}  // namespace

void DownloadExchange::run(std::string body) {
  auto wanted = wanted_by(body);
  if (!wanted) return fail(wanted.error());
  m_starting = true;
  start_call(std::move(*wanted));
  m_starting = false;
  if (m_over || m_pieces.empty()) return;
  open_pieces();
  show_pieces();
}

std::string DownloadExchange::tag_of(const loader::Head& what) const { return what.etag + (m_packed ? "-gzip" : ""); }

Exchange::Fields DownloadExchange::about(const loader::Head& what) const {
  Fields fields{{"Content-Type", what.type.empty() ? "application/octet-stream" : what.type},
                {"Cache-Control", "private, no-cache"},
                {"Content-Security-Policy", std::string(policy_of(what))}};
  if (!what.name.empty()) fields.emplace_back("Content-Disposition", disposition(what.name));
  // The same bytes have the same strong tag, and packed they are others.
  if (!what.etag.empty()) fields.emplace_back("ETag", "\"" + tag_of(what) + "\"");
  if (m_packed) fields.emplace_back("Content-Encoding", "gzip");
  if (compressible(what.type)) fields.emplace_back("Vary", "Accept-Encoding");
  return fields;
}

// ---- a file

void DownloadExchange::file(service::UniqueFd fd, loader::Head what) {
  m_over = true;
  m_call.reset();
  if (!attached()) return;
  struct stat info {};
  if (fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return fail({500, "plugin_error", "the plugin gave something for a file that is none"});
  }
  if (what.etag.empty()) what.etag = etag_of(info);
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const auto range = m_inbound.head_only() ? std::string_view() : m_connection->head().value("Range");
  // Ranges are of the bytes as they are, so whoever asks for one gets no packed file.
  m_packed = m_inbound.gzip && range.empty() && compressible(what.type) && size > least_to_compress &&
             size <= most_to_compress_of_a_file;
  m_file = std::move(fd);
  m_about = info;
  show_file(what, size, range);
}

void DownloadExchange::show_file(const loader::Head& what, std::uint64_t size, std::string_view range) {
  const RequestHead& request = m_connection->head();
  const Wanted wanted =
      wanted_of(size, tag_of(what),
                {range, request.value("If-Range"), request.value("If-Match"), request.value("If-None-Match")});
  if (wanted.status == 412) {
    return fail({412, "precondition_failed", "the file is not the one that If-Match names", "ask for its ETag again"});
  }
  Fields fields = about(what);
  if (!m_packed) fields.emplace_back("Accept-Ranges", "bytes");
  if (wanted.status == 416) {
    const Error error{416, "bad_range", "the file has " + std::to_string(size) + " bytes", "ask for bytes that it has"};
    return whole(416, "application/problem+json", routing::problem_json(error, m_inbound.asked_path()),
                 {{"Content-Range", "bytes */" + std::to_string(size)}, {"Accept-Ranges", "bytes"}});
  }
  if (wanted.status == 206) {
    fields.emplace_back("Content-Range", "bytes " + std::to_string(wanted.begin) + "-" +
                                             std::to_string(wanted.end - 1) + "/" + std::to_string(size));
  }
  if (wanted.status == 200 && m_packed && !m_inbound.head_only()) return pack_file(std::move(fields));
  if (wanted.status != 304 && !m_packed)
    fields.emplace_back("Content-Length", std::to_string(wanted.end - wanted.begin));
  open_head(wanted.status, fields);
  if (wanted.status == 304 || m_inbound.head_only() || wanted.begin == wanted.end) return ended(wanted.status);
  m_at = wanted.begin;
  m_end = wanted.end;
  read_on();
}

void DownloadExchange::pack_file(Fields fields) {
  auto file = std::make_shared<service::UniqueFd>(std::move(m_file));
  pack(std::move(fields), [file, before = m_about] { return read_whole(file->get(), before); });
}

// Makes a body and packs it, on a thread of the pool.
void DownloadExchange::pack(Fields fields, std::function<std::string()> make) {
  auto self = std::static_pointer_cast<DownloadExchange>(shared_from_this());
  const bool taken = commons().pool.run([self, fields = std::move(fields), make = std::move(make)] {
    const std::string text = make();
    auto packed = std::make_shared<std::string>(text.empty() ? text : gzip(text));
    self->commons().loop.post([self, fields, packed] { self->send_packed(fields, std::move(*packed)); });
  });
  if (!taken) fail({503, "busy", "this host has too much to do to send this", "try again in a moment"});
}

void DownloadExchange::send_packed(Fields fields, std::string packed) {
  if (!attached() || m_head_sent) return;
  if (packed.empty()) return fail({503, "file_changed", "the file was changed while it was read", "ask for it again"});
  fields.emplace_back("Content-Length", std::to_string(packed.size()));
  open_head(200, fields);
  if (!m_inbound.head_only()) m_connection->write(std::move(packed));
  ended(200);
}

void DownloadExchange::open_head(int status, const Fields& fields) {
  m_head_sent = true;
  m_status = status;
  AnswerHead answer = head(status);
  answer.lines(commons().date_line());
  for (const auto& [name, value] : fields) answer.field(name, value);
  if (!m_reusable || !m_connection->keeps_alive()) answer.field("Connection", "close");
  m_connection->write(std::move(answer).done());
}

void DownloadExchange::read_on() {
  if (m_reading || !m_file || !attached() || m_at == m_end || m_connection->unsent() >= most_in_flight) return;
  m_reading = true;
  auto self = std::static_pointer_cast<DownloadExchange>(shared_from_this());
  const std::size_t wanted = std::min<std::uint64_t>(read_size, m_end - m_at);
  const bool taken = commons().pool.run([self, wanted, fd = m_file.get(), at = m_at, end = m_end, before = m_about] {
    auto block = std::make_shared<std::string>(wanted, '\0');
    const ssize_t got = ::pread(fd, block->data(), wanted, static_cast<off_t>(at));
    block->resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    struct stat now {};
    const bool last = at + block->size() == end;
    if (last && (::fstat(fd, &now) != 0 || !same(before, now))) block->clear();
    self->commons().loop.post([self, block] { self->block_read(std::move(*block)); });
  });
  if (!taken) m_connection->close();
}

void DownloadExchange::block_read(std::string block) {
  m_reading = false;
  if (!attached()) return;
  if (block.empty())
    return m_connection->close();  // shrunk, changed meanwhile, or unreadable: it is not what was promised
  m_at += block.size();
  m_connection->write(std::move(block));
  if (m_at < m_end) return read_on();
  m_file = service::UniqueFd();
  ended(m_status);
}

// ---- pieces

void DownloadExchange::begin(loader::Head what) {
  if (!m_head_sent) m_what = std::move(what);
}

void DownloadExchange::open_pieces() {
  if (m_head_sent || !attached()) return;
  m_chunked = m_inbound.version == 11;
  if (!m_chunked) m_reusable = false;
  Fields fields = about(m_what);
  if (m_chunked) fields.emplace_back("Transfer-Encoding", "chunked");
  open_head(200, fields);
}

void DownloadExchange::chunk(loader::Chunk chunk) {
  if (!attached() || m_finished) return;
  m_pieces.push_back(std::move(chunk.bytes));
  if (m_starting) return;
  open_pieces();
  show_pieces();
}

// A page that is there as a whole has a length, and is compressed where that helps.
void DownloadExchange::all_at_once() {
  std::string body;
  for (auto& piece : m_pieces) body += piece;
  m_pieces.clear();
  m_packed = m_inbound.gzip && compressible(m_what.type) && body.size() > least_to_compress;
  Fields fields = about(m_what);
  if (m_packed && body.size() <= most_to_compress_here) return send_packed(std::move(fields), gzip(body));
  if (m_packed) return pack(std::move(fields), [body = std::move(body)] { return body; });
  fields.emplace_back("Content-Length", std::to_string(body.size()));
  open_head(200, fields);
  if (!m_inbound.head_only()) m_connection->write(std::move(body));
  ended(200);
}

void DownloadExchange::show_pieces() {
  std::size_t freed = 0;
  while (!m_pieces.empty() && m_connection->unsent() < most_in_flight) {
    std::string piece = std::move(m_pieces.front());
    m_pieces.pop_front();
    freed += piece.size() + 64;
    if (piece.empty() || m_inbound.head_only()) continue;
    m_connection->write(m_chunked ? chunked(piece) : std::move(piece));
  }
  if (freed > 0 && m_call) m_call->consumed(freed);
  if (!m_finished || !m_pieces.empty() || m_status == 0) return;
  if (m_chunked && !m_inbound.head_only()) m_connection->write(std::string(last_chunk));
  ended(std::exchange(m_status, 0));
}

void DownloadExchange::finish(std::uint32_t, std::string) {
  m_over = m_finished = true;
  m_call.reset();
  if (!attached()) return;
  if (m_starting && !m_head_sent) return all_at_once();
  open_pieces();
  show_pieces();
}

// Once bytes have left, only a broken connection can say that something went wrong.
void DownloadExchange::fail(Error error) {
  m_over = m_finished = true;
  if (!m_head_sent || !attached()) return JsonExchange::fail(std::move(error));
  m_connection->close();
}

void DownloadExchange::written(std::size_t) {
  if (!attached()) return;
  if (m_file) return read_on();
  if (!m_pieces.empty()) show_pieces();
}

void DownloadExchange::client_left() {
  JsonExchange::client_left();
  m_pieces.clear();
}

}  // namespace berth::edge
