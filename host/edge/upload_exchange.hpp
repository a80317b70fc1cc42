// `upload` operations: the body goes to disk, then the operation runs with the file. In one request, or in several by
// the tus protocol (tus.io, version 1.0.0), of which POST begins an upload and /uploads/{id} is the rest.
#pragma once

#include <memory>
#include <string>

#include "edge/announcement.hpp"
#include "edge/partial_uploads.hpp"
#include "edge/spool.hpp"

namespace berth::edge {

std::shared_ptr<Exchange> make_upload(Connection& connection, Inbound inbound);
std::shared_ptr<Exchange> make_upload_part(Connection& connection, Inbound inbound, std::string id);

// What one-request uploads and PATCH have in common: a body that is spooled.
class SpoolExchange : public AnnouncedExchange {
 public:
  using AnnouncedExchange::AnnouncedExchange;
  void body(std::string piece, bool last) override;
  bool hungry() const override { return AnnouncedExchange::hungry() && (!m_spool || !m_spool->busy()); }

 protected:
  virtual std::uint64_t room() const = 0;  // how many bytes the body may have
  virtual service::Error no_room() const = 0;
  virtual void spooled() = 0;  // all of it is on disk
  void write_out();            // what is gathered, now

 private:
  Spool::Written then(bool last);

 protected:
  std::shared_ptr<Spool> m_spool;
  session::Stay m_stay;
  std::uint64_t m_received = 0;
};

class UploadExchange : public SpoolExchange {
 public:
  using SpoolExchange::SpoolExchange;
  void start() override;
  void send(std::string json) override;

 protected:
  std::uint64_t room() const override;
  service::Error no_room() const override;
  void taken() override;
  void spooled() override;

 private:
  nlohmann::json m_input;
  std::string m_type, m_name;
};

class TusCreation : public AnnouncedExchange {
 public:
  TusCreation(Connection& connection, Inbound inbound);
  void start() override;
  void body(std::string piece, bool last) override { swallows(piece.size(), last); }
  void send(std::string json) override;
  void fail(service::Error error) override;

 protected:
  void taken() override;

 private:
  routing::Ask asked();

  PartialUpload m_upload;
};

class TusPart : public SpoolExchange {
 public:
  TusPart(Connection& connection, Inbound inbound, std::string id);
  ~TusPart() override;
  void start() override;
  void body(std::string piece, bool last) override;
  void send(std::string json) override;
  void fail(service::Error error) override;
  void tick(service::Clock::Moment) override { write_out(); }  // what a slow line brought must not be lost with it
  void client_left() override;

 protected:
  std::uint64_t room() const override { return m_upload.length - m_upload.offset; }
  service::Error no_room() const override;
  void spooled() override;

 private:
  void patch();
  void release();
  void complete();
  void answer(int status, std::string json, std::uint64_t offset);

  std::string m_id;
  PartialUpload m_upload;
  bool m_locked = false;
  bool m_complete = false;  // all bytes are here, and the operation has them
};

}  // namespace berth::edge
