// The log must keep its promises when things go badly: readers that stall or leave, hostile texts, many threads.
#include "service/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "folder.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {
namespace {

using nlohmann::json;
using test::lines_of;

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read_end = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
  }
  // Until nobody holds the other end.
  std::string read_all() {
    write_end = UniqueFd();
    std::string all;
    char piece[65536];
    for (ssize_t got; (got = ::read(read_end.get(), piece, sizeof piece)) > 0;)
      all.append(piece, static_cast<std::size_t>(got));
    return all;
  }
  UniqueFd read_end, write_end;
};

// What one Log writes, as a whole.
template <class Speak>
std::string spoken(Log::Options options, Speak speak) {
  Pipe pipe;
  {
    Log log(pipe.write_end.get(), options);
    speak(log);
  }
  return pipe.read_all();
}

Log::Options readable(bool colour = false) {
  Log::Options options;
  options.json = false;
  options.colour = colour;
  return options;
}

// Each digit as 0: the time is never the same.
std::string without_digits(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }, '0');
  return text;
}

TEST(Log, WritesOneJsonLineAnEvent) {
  const std::string text = spoken({}, [](Log& log) {
    log.write(Level::info, "edge", "request",
              {{"path", "/a\"b"}, {"status", std::int64_t{200}}, Log::Field::json("ok", "true")});
  });
  ASSERT_EQ(lines_of(text).size(), 1u);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_EQ(without_digits(text.substr(0, 34)), "{\"time\":\"0000-00-00T00:00:00.000Z\"");
  EXPECT_EQ(text.substr(34),
            ",\"level\":\"info\",\"who\":\"edge\",\"message\":\"request\",\"path\":\"/"
            "a\\\"b\",\"status\":200,\"ok\":true}\n");
  const json line = json::parse(text);
  EXPECT_EQ(line["path"], "/a\"b");
  EXPECT_EQ(line["status"], 200);
  EXPECT_EQ(line["ok"], true);
}

TEST(Log, WritesReadableLines) {
  const std::string text = spoken(readable(), [](Log& log) {
    log.write(Level::info, "edge", "hello there",
              {{"path", "/a"}, {"text", "two words"}, {"none", ""}, {"n", std::int64_t{7}}});
    log.write(Level::error, "loader", "gone");
  });
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(without_digits(lines[0]), "00:00:00.000 info  edge  hello there path=/a text=\"two words\" none=\"\" n=0");
  EXPECT_EQ(without_digits(lines[1]), "00:00:00.000 error loader  gone");
}

TEST(Log, ColoursOnlyIfAsked) {
  const auto speak = [](Log& log) { log.write(Level::warn, "edge", "hot", {{"a", "b"}}); };
  EXPECT_EQ(spoken(readable(), speak).find('\x1b'), std::string::npos);
  EXPECT_NE(spoken(readable(true), speak).find("\x1b[33mwarn\x1b[0m"), std::string::npos);
}

TEST(Log, HostileTextSteersNoTerminal) {
  const std::string hostile =
      "a\x1b[31m\r\nfake line\x07\x7f\xc2\x9b"
      "2J\xe2\x80\xae"
      "txt\xff \"=";
  for (const bool as_json : {false, true}) {
    Log::Options options = readable();
    options.json = as_json;
    const std::string text = spoken(options, [&](Log& log) {
      log.write(Level::info, hostile, hostile,
                {{hostile, hostile}, Log::Field::json("raw", "[1,\n\"\x7f\xc2\x9b\",\t2]"), {"spaced", hostile}});
    });
    EXPECT_EQ(lines_of(text).size(), 1u) << text;
    for (const char c : text.substr(0, text.size() - 1))
      EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
    if (as_json) {
      EXPECT_TRUE(json::accept(text)) << text;
    } else {
      EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
      EXPECT_NE(text.find("a\\x1b[31m\\x0d\\nfake line"), std::string::npos) << text;
      EXPECT_NE(text.find("\\x9b2J\\u202etxt\\xff"), std::string::npos) << text;
    }
  }
}

TEST(Log, LeavesOutWhatIsTooFine) {
  Log::Options options;
  options.least = Level::warn;
  const std::string text = spoken(options, [](Log& log) {
    EXPECT_FALSE(log.wants(Level::info));
    EXPECT_TRUE(log.wants(Level::error));
    log.write(Level::info, "edge", "quiet");
    log.write(Level::warn, "edge", "loud");
  });
  EXPECT_EQ(lines_of(text).size(), 1u);
}

TEST(Log, FlushMeansOut) {
  const test::Folder folder;
  const UniqueFd file(::open(folder.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  Log log(file.get(), {});
  for (std::size_t i = 1; i <= 50; ++i) {
    log.write(Level::info, "edge", "line");
    log.flush();
    ASSERT_EQ(lines_of(test::content_of(folder.file("log"))).size(), i);
  }
}

TEST(Log, EveryLineOfManyThreadsArrivesWholeAndInOrder) {
  constexpr int threads = 8, each = 1000;
  Pipe pipe;
  std::string text;
  std::thread reader;
  {
    Log log(pipe.write_end.get(), {});
    std::vector<std::thread> writers;
    for (int t = 0; t < threads; ++t) {
      writers.emplace_back([&log, t] {
        for (int i = 0; i < each; ++i)
          log.write(Level::info, std::to_string(t), std::to_string(i), {{"pad", std::string(40, 'x')}});
      });
    }
    reader = std::thread([&text, copy = UniqueFd(::dup(pipe.read_end.get()))] {
      char piece[65536];
      for (ssize_t got; (got = ::read(copy.get(), piece, sizeof piece)) > 0;)
        text.append(piece, static_cast<std::size_t>(got));
    });
    for (std::thread& writer : writers) writer.join();
  }
  pipe.write_end = UniqueFd();
  reader.join();
  std::vector<int> next(threads, 0);
  for (const std::string& line : lines_of(text)) {
    const json one = json::parse(line);
    const auto who = static_cast<std::size_t>(std::stoi(one["who"].get<std::string>()));
    ASSERT_EQ(one["message"], std::to_string(next[who]++));
  }
  EXPECT_EQ(next, std::vector<int>(threads, each));
}

TEST(Log, AStalledReaderBlocksNobodyAndLossesAreSaid) {
  constexpr std::int64_t lines = 20'000;
  Pipe pipe;
  std::string text;
  std::thread reader;
  {
    Log::Options options;
    options.buffer = 200'000;
    Log log(pipe.write_end.get(), options);
    for (std::int64_t i = 0; i < lines; ++i)
      log.write(Level::info, "edge", "m", {{"i", i}});  // nobody reads: must return
    reader = std::thread([&text, copy = UniqueFd(::dup(pipe.read_end.get()))] {
      char piece[65536];
      for (ssize_t got; (got = ::read(copy.get(), piece, sizeof piece)) > 0;)
        text.append(piece, static_cast<std::size_t>(got));
    });
    log.flush();
    log.write(Level::info, "edge", "after");
  }
  pipe.write_end = UniqueFd();
  reader.join();
  std::int64_t arrived = 0, dropped = 0, last = -1;
  bool after = false;
  for (const std::string& line : lines_of(text)) {
    const json one = json::parse(line);
    if (one.contains("dropped")) dropped += one["dropped"].get<std::int64_t>();
    if (one["message"] == "after") after = true;
    if (!one.contains("i")) continue;
    ++arrived;
    EXPECT_LT(last, one["i"].get<std::int64_t>());
    last = one["i"].get<std::int64_t>();
  }
  EXPECT_GT(dropped, 0);
  EXPECT_EQ(arrived + dropped, lines);
  EXPECT_TRUE(after);
}

TEST(Log, EndsThoughNobodyEverReads) {
  Pipe pipe;
  Log log(pipe.write_end.get(), {});
  for (int i = 0; i < 5'000; ++i) log.write(Level::info, "edge", "nobody hears this");
}

TEST(Log, AReaderThatLeftEndsNothing) {
  Pipe pipe;
  Log log(pipe.write_end.get(), {});
  pipe.read_end = UniqueFd();
  for (int i = 0; i < 100; ++i) {
    log.write(Level::info, "edge", "into the void");
    log.flush();
  }
}

TEST(Log, ABadDescriptorEndsNothing) {
  for (const int fd : {-1, 1'000'000}) {
    Log log(fd, {});
    log.write(Level::error, "edge", "nowhere to go");
    log.flush();
  }
}

// In a process of its own, whose files may not grow beyond a limit that falls into the middle of a line.
int fill_the_disk(const std::string& path) {
  rlimit limit{1000, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  Log log(file.get(), {});
  for (std::int64_t i = 0; i < 50; ++i) log.write(Level::info, "edge", "m", {{"i", i}});
  log.flush();
  limit.rlim_cur = RLIM_INFINITY;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  log.write(Level::info, "edge", "room again");
  log.flush();
  return 0;
}

TEST(Log, AFullDiskIsSaidOnceThereIsRoom) {
  const test::Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fill_the_disk(folder.file("log")));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  int torn = 0, arrived = 0, dropped = 0;
  bool after = false;
  for (const std::string& line : lines_of(test::content_of(folder.file("log")))) {
    const json one = json::parse(line, nullptr, false);
    if (one.is_discarded()) {
      ++torn;
    } else if (one.contains("dropped")) {
      dropped += one["dropped"].get<int>();
    } else if (one["message"] == "room again") {
      after = true;
    } else {
      ++arrived;
    }
  }
  EXPECT_GT(arrived, 0);
  EXPECT_EQ(torn, 1) << "the line that was cut short ends there, and the next one begins on a line of its own";
  EXPECT_EQ(arrived + dropped, 50);
  EXPECT_TRUE(after);
}

TEST(Log, ALineLargerThanTheBufferIsDroppedAndSaid) {
  Log::Options options;
  options.buffer = 1000;
  const std::string text = spoken(options, [](Log& log) { log.write(Level::info, "edge", std::string(5000, 'x')); });
  EXPECT_EQ(json::parse(text)["dropped"], 1);
}

}  // namespace
}  // namespace berth::service
