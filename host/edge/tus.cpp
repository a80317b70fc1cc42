// Uploads in several requests: tus 1.0.0 with creation and termination. The request that brings the last byte is
// answered with the operation's own answer, and so is a PATCH that brings nothing more once it is complete.
#include <utility>

#include "edge/connection.hpp"
#include "edge/upload_exchange.hpp"
#include "edge/upload_name.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

constexpr std::string_view tus_version = "1.0.0";

std::optional<Error> check_version(const RequestHead& request) {
  if (request.value("Tus-Resumable") == tus_version) return std::nullopt;
  return Error{412, "tus_version", "this host speaks tus 1.0.0", "send \"Tus-Resumable: 1.0.0\""};
}

}  // namespace

std::shared_ptr<Exchange> make_upload_part(Connection& connection, Inbound inbound, std::string id) {
  return std::make_shared<TusPart>(connection, std::move(inbound), std::move(id));
}

TusCreation::TusCreation(Connection& connection, Inbound inbound) : AnnouncedExchange(connection, std::move(inbound)) {
  m_tus = true;
}

void TusCreation::start() {
  const RequestHead& request = m_connection->head();
  if (auto error = check_version(request)) return refuse(std::move(*error));
  const auto length = service::parse_count(request.value("Upload-Length"));
  const auto& operation = m_inbound.route->operation;
  const std::uint64_t most = operation.max_body > 0 ? operation.max_body : commons().options.limits.upload;
  if (!length) return refuse({400, "bad_request", "Upload-Length is missing or is not a number"});
  if (*length > most) {
    return refuse({413, "body_too_large", "the upload is larger than " + service::format_bytes(most)});
  }
  if (auto error = commons().dispatcher.foresee(*m_inbound.route, *m_inbound.asker)) return refuse(std::move(*error));
  auto input = m_inbound.route->form.fill(m_inbound.parameters, m_inbound.query, std::nullopt);
  if (!input) return refuse(input.error());
  const auto metadata = request.value("Upload-Metadata");
  m_upload = {{},
              operation.name,
              m_inbound.asker->session,
              m_inbound.asker->who.name,
              tus_metadata(metadata, "filetype"),
              tus_metadata(metadata, "filename"),
              *length,
              0,
              std::move(*input),
              std::nullopt};
  announce(asked());
}

routing::Ask TusCreation::asked() {
  auto wanted = ask(m_upload.input);
  wanted.body_size = m_upload.length;
  wanted.body_type = m_upload.type;
  wanted.body_name = m_upload.name;
  return wanted;
}

void TusCreation::taken() {
  auto made = commons().uploads.create(m_upload);
  if (!made) return refuse(made.error());
  m_upload = std::move(*made);
  if (m_upload.length > 0) {
    return whole(201, {}, {},
                 {{"Location", "/uploads/" + m_upload.id}, {"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "0"}});
  }
  auto file = commons().uploads.open(m_upload.id);
  if (!file) return refuse(file.error());
  auto wanted = asked();
  wanted.body = std::move(*file);
  wanted.charged = charged();
  start_call(std::move(wanted));
}

// Of an upload of no bytes, which is complete as it begins.
void TusCreation::send(std::string json) {
  commons().uploads.answered(m_upload, json);
  whole(201, "application/json", std::move(json),
        {{"Location", "/uploads/" + m_upload.id}, {"Tus-Resumable", "1.0.0"}, {"Upload-Offset", "0"}});
}

void TusCreation::fail(Error error) {
  if (!m_upload.id.empty()) commons().uploads.remove(m_upload.id);
  Exchange::fail(std::move(error));
}

TusPart::TusPart(Connection& connection, Inbound inbound, std::string id)
    : SpoolExchange(connection, std::move(inbound)), m_id(std::move(id)) {
  m_tus = true;
}

TusPart::~TusPart() { release(); }

// Before the answer leaves: whoever reads it may go on at once.
void TusPart::release() {
  if (std::exchange(m_locked, false)) commons().uploads.unlock(m_id);
}

void TusPart::start() {
  const RequestHead& request = m_connection->head();
  if (auto error = check_version(request)) return refuse(std::move(*error));
  auto found = commons().uploads.find(m_id, m_inbound.asker->who.name);
  if (!found) return refuse(found.error());
  m_upload = std::move(*found);
  m_inbound.route = commons().dispatcher.table()->find(m_upload.operation);
  if (!m_inbound.route)
    return refuse({503, "plugin_down", "the operation that this upload is for is not here any more"});
  m_inbound.asker->session = m_upload.session;
  if (m_inbound.method == "HEAD") {
    return whole(200, {}, {},
                 {{"Tus-Resumable", "1.0.0"},
                  {"Upload-Offset", std::to_string(m_upload.offset)},
                  {"Upload-Length", std::to_string(m_upload.length)}});
  }
  m_locked = commons().uploads.lock(m_id);
  if (!m_locked)
    return refuse({409, "upload_busy", "another request writes to this upload", "wait for it, then ask with HEAD"});
  if (m_inbound.method == "DELETE") {
    commons().uploads.remove(m_id);
    release();
    return whole(204, {}, {}, {{"Tus-Resumable", "1.0.0"}});
  }
  if (m_inbound.method == "PATCH") return patch();
  Error error{405, "method_not_allowed", "an upload answers HEAD, PATCH and DELETE"};
  error.allow = {"HEAD", "PATCH", "DELETE", "OPTIONS"};
  refuse(std::move(error));
}

void TusPart::patch() {
  const RequestHead& request = m_connection->head();
  if (request.value("Content-Type") != "application/offset+octet-stream") {
    return refuse({415, "unsupported_media_type", "a part of an upload has the type application/offset+octet-stream"});
  }
  const auto offset = service::parse_count(request.value("Upload-Offset"));
  if (!offset || *offset != m_upload.offset) {
    return refuse({409, "upload_offset", "the upload stands at " + std::to_string(m_upload.offset),
                   "ask with HEAD, go on from there"});
  }
  if (request.content_length.value_or(0) > room()) return refuse(no_room());
  if (auto error = coded_body(request)) return refuse(std::move(*error));
  if (m_upload.answer) return;
  auto file = commons().uploads.open(m_id);
  if (!file) return refuse(file.error());
  m_spool = std::make_shared<Spool>(commons().loop, commons().pool, std::move(*file), m_upload.offset);
  m_stay = commons().dispatcher.stay(m_inbound.asker->session);
  m_connection->continue_100();
}

void TusPart::body(std::string piece, bool last) {
  if (m_upload.answer && last && !m_head_sent) {
    note({200, "replayed", {}});
    return answer(200, *m_upload.answer, m_upload.length);
  }
  SpoolExchange::body(std::move(piece), last);
}

Error TusPart::no_room() const {
  return {413, "body_too_large",
          "the upload was announced as " + std::to_string(m_upload.length) + " bytes; this is more"};
}

void TusPart::spooled() {
  if (m_head_sent) return;  // it was told to come again
  if (m_spool->size() == m_upload.length) return complete();
  answer(204, {}, m_spool->size());
}

void TusPart::complete() {
  m_complete = true;
  auto wanted = ask(m_upload.input);
  wanted.body = m_spool->take();
  wanted.body_size = m_upload.length;
  wanted.body_type = m_upload.type;
  wanted.body_name = m_upload.name;
  start_call(std::move(wanted));
}

void TusPart::send(std::string json) {
  m_over = true;
  commons().uploads.answered(m_upload, json);
  answer(200, std::move(json), m_upload.length);
}

void TusPart::answer(int status, std::string json, std::uint64_t offset) {
  release();
  const std::string_view type = json.empty() ? std::string_view() : "application/json";
  whole(status, type, std::move(json), {{"Tus-Resumable", "1.0.0"}, {"Upload-Offset", std::to_string(offset)}});
}

// The bytes stay where they are, unless the operation itself has refused them for good.
void TusPart::fail(Error error) {
  m_over = true;
  const bool refused = error.status < 500 && error.status != 429 && error.status != 403;
  if (m_complete && refused) commons().uploads.remove(m_id);
  release();
  SpoolExchange::fail(std::move(error));
}

// Once all bytes are here the operation runs to its end: whoever comes back finds its answer.
void TusPart::client_left() {
  m_connection = nullptr;
  write_out();
}

}  // namespace berth::edge
