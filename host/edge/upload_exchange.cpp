// Uploads in one request.
#include "edge/upload_exchange.hpp"

#include <utility>

#include "edge/connection.hpp"
#include "edge/upload_name.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

std::shared_ptr<Exchange> make_upload(Connection& connection, Inbound inbound) {
  const RequestHead& head = connection.head();
  if (head.find("Tus-Resumable")) {
    return std::make_shared<TusCreation>(connection, std::move(inbound));
  }
  return std::make_shared<UploadExchange>(connection, std::move(inbound));
}

void SpoolExchange::body(std::string piece, bool last) {
  if (swallows(piece.size(), last) || !m_spool) return;
  m_received += piece.size();
  if (m_received > room()) {
    m_reusable = false;
    return fail(no_room());
  }
  m_spool->add(std::move(piece), last, then(last));
}

void SpoolExchange::write_out() {
  if (m_spool && !m_spool->busy() && m_spool->waiting()) m_spool->add({}, true, then(false));
}

Spool::Written SpoolExchange::then(bool last) {
  auto self = std::static_pointer_cast<SpoolExchange>(shared_from_this());
  return [self, last](std::optional<Error> error) {
    if (error) {
      self->m_spool->take();  // closed before the answer: whoever reads it may send again, and finds the room free
      self->m_reusable = false;
      return self->fail(std::move(*error));
    }
    if (last) return self->spooled();
    if (self->attached()) return self->m_connection->resume_reading();
    self->write_out();
  };
}

std::uint64_t UploadExchange::room() const {
  const std::uint64_t own = m_inbound.route->operation.max_body;
  return own > 0 ? own : commons().options.limits.upload;
}

Error UploadExchange::no_room() const {
  return {413, "body_too_large", "the upload is larger than " + service::format_bytes(room()),
          "raise limits { upload = … } in berth.lua, if the operation itself takes more"};
}

void UploadExchange::start() {
  const RequestHead& request = m_connection->head();
  if (request.content_length.value_or(0) > room()) return refuse(no_room());
  if (auto error = coded_body(request)) return refuse(std::move(*error));
  if (service::equal_fold(request.value("Content-Type").substr(0, 10), "multipart/")) {
    return refuse({415, "unsupported_media_type", "an upload is the file itself and no form",
                   "send the bytes themselves, as curl -T FILE does"});
  }
  if (auto error = commons().dispatcher.foresee(*m_inbound.route, *m_inbound.asker)) return refuse(std::move(*error));
  m_type = request.value("Content-Type");
  m_name = upload_name(request.value("Content-Disposition"));
  std::string query = m_inbound.query;
  if (m_name.empty()) m_name = take_name(m_inbound.route->operation, query);
  auto input = m_inbound.route->form.fill(m_inbound.parameters, query, std::nullopt);
  if (!input) return refuse(input.error());
  m_input = std::move(*input);
  auto wanted = ask(m_input);
  wanted.body_size = request.content_length.value_or(0);
  wanted.body_type = m_type;
  wanted.body_name = m_name;
  announce(std::move(wanted));
}

void UploadExchange::taken() {
  auto file = Spool::nameless(commons().uploads.folder());
  if (!file) return refuse(file.error());
  m_spool = std::make_shared<Spool>(commons().loop, commons().pool, std::move(*file), 0);
  m_stay = commons().dispatcher.stay(m_inbound.asker->session);
  m_connection->continue_100();
}

void UploadExchange::spooled() {
  if (!attached() || m_head_sent) return;
  auto wanted = ask(std::move(m_input));
  wanted.body_size = m_spool->size();
  wanted.body = m_spool->take();
  wanted.body_type = std::move(m_type);
  wanted.body_name = std::move(m_name);
  wanted.charged = charged();
  start_call(std::move(wanted));
}

void UploadExchange::send(std::string json) { whole(200, "application/json", std::move(json)); }

}  // namespace berth::edge
