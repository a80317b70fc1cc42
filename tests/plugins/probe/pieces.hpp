// What the probe's operations are made of: timers, digests, patterns and floods.
#pragma once

#include <berth/plugin.hpp>
#include <openssl/evp.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// One thread that runs things later.
class Timers {
 public:
  Timers() : m_thread([this] { run(); }) {}
  ~Timers() {
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
  }
  void after(std::chrono::milliseconds time, std::function<void()> then) {
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      m_waiting.emplace(std::chrono::steady_clock::now() + time, std::move(then));
    }
    m_changed.notify_all();
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(m_mutex);
    while (!m_ending) {
      if (m_waiting.empty()) {
        m_changed.wait(lock);
        continue;
      }
      const auto first = m_waiting.begin();
      if (first->first > std::chrono::steady_clock::now()) {
        m_changed.wait_until(lock, std::chrono::steady_clock::time_point(first->first));
        continue;
      }
      auto then = std::move(first->second);
      m_waiting.erase(first);
      lock.unlock();
      then();
      then = nullptr;
      lock.lock();
    }
  }

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> m_waiting;
  bool m_ending = false;
  std::thread m_thread;
};

inline std::string hex(const unsigned char* bytes, unsigned size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

inline berth::Json digest_of(const berth::Upload& upload) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::uint64_t size = 0;
  upload.each([&](std::string_view piece) {
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
    size += piece.size();
  });
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(context.get(), digest, &length);
  return {{"size", size}, {"sha256", hex(digest, length)}, {"name", upload.name}, {"type", upload.type}};
}

// Refuses by name or size what is announced, and tells how much of that it has taken since the last body.
inline berth::Json announced_digest(const berth::Call& call) {
  static std::atomic<int> taken{0};
  const berth::Upload& upload = call.upload();
  if (upload.announced()) {
    if (upload.name == "taken") throw berth::Error(409, "exists", "there is something of that name");
    if (upload.size > 1'000'000) throw berth::Error(507, "no_room", "no more than a million bytes");
    if (upload.name == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    return ++taken;
  }
  berth::Json answer = digest_of(upload);
  answer["announced"] = taken.exchange(0);
  return answer;
}

inline void send_pattern(berth::Call call) {
  const auto size = call.input().at("bytes").get<std::uint64_t>();
  std::string name = std::filesystem::temp_directory_path() / "berth-probe.XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) throw berth::Error(500, "no_file", "no temporary file can be made");
  ::unlink(name.c_str());
  std::vector<unsigned char> block(251u * 1024);
  for (std::uint64_t at = 0; at < size; at += block.size()) {
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] = static_cast<unsigned char>(((at + i) * 7 + (at + i) / 251) & 255);
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), size - at));
    if (::write(fd, block.data(), wanted) != static_cast<ssize_t>(wanted)) {
      ::close(fd);
      throw berth::Error(500, "no_file", "the temporary file cannot be written");
    }
  }
  const std::string type = call.input().value("type", "application/octet-stream");
  call.file(fd, {type, "probe.bin", call.input().value("etag", std::string())});
}

inline void send_pieces(berth::Call call) {
  const int pieces = call.input().at("pieces");
  const std::string piece(call.input().at("size").get<std::size_t>(), 'p');
  call.begin({"text/plain", {}, {}});
  for (int i = 0; i < pieces; ++i) {
    if (!call.bytes(piece)) break;
  }
  call.finish();
}

inline void count_up(berth::Call call) {
  const int to = call.input().at("to");
  const int ms = call.input().value("ms", 0);
  const std::string filling(call.input().value("size", 0), 'x');
  for (int n = 1; n <= to; ++n) {
    berth::Json event{{"n", n}};
    if (!filling.empty()) event["filling"] = filling;
    if (!call.event(event)) break;
    for (int waited = 0; waited < ms && !call.cancelled(); waited += 10)
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min(10, ms)));
  }
  call.finish();
}

// For ever, as fast as the client reads.
inline void flood(berth::Call call, std::function<void()> cancelled) {
  const auto pump = [call] {
    const berth::Json event{{"data", std::string(1024, 'f')}};
    while (call.push(event) == berth::Flow::ok) {
    }
  };
  call.on_drained(pump);
  call.on_cancel([call, cancelled] {
    cancelled();
    call.finish();
  });
  pump();
}

// For ever, whatever the client does.
inline void be_rude(berth::Call call) {
  const berth::Json event{{"data", std::string(1024, 'r')}};
  while (true) {
    const auto flow = call.push(event);
    if (flow == berth::Flow::gone || flow == berth::Flow::wrong) break;
  }
  call.finish();
}

inline void chat(berth::Call call) {
  call.on_cancel([call] { call.finish(); });
  call.on_message([call](berth::Message message) {
    if (message.binary) {
      call.binary(std::move(message.bytes));
    } else if (message.bytes == "close") {
      call.finish(4000, "bye");
    } else if (message.bytes == "flood") {
      for (int i = 0; i < 1000; ++i) call.message("flood " + std::to_string(i));
    } else {
      call.message(std::move(message.bytes));
    }
  });
}
