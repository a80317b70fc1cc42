// The exposition is what Prometheus reads: its own checker is asked, and the arithmetic is checked by hand.
#include "service/metrics.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <thread>

#include "folder.hpp"

namespace berth::service {
namespace {

bool holds(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, CountsAndShows) {
  Metrics metrics;
  metrics.counter("berth_calls_total", "Calls.", {{"operation", "probe.echo"}, {"status", "200"}}).add(3);
  metrics.gauge("berth_connections", "Open connections.").set(-2);
  const std::string text = metrics.text();
  EXPECT_TRUE(holds(text,
                    "# HELP berth_calls_total Calls.\n# TYPE berth_calls_total counter\n"
                    "berth_calls_total{operation=\"probe.echo\",status=\"200\"} 3"))
      << text;
  EXPECT_TRUE(holds(text, "# TYPE berth_connections gauge\nberth_connections -2")) << text;
}

TEST(Metrics, TheSameNameAndLabelsAreTheSame) {
  Metrics metrics;
  Counter& one = metrics.counter("a_total", "A.", {{"x", "1"}});
  for (int i = 0; i < 1000; ++i) metrics.counter("a_total", "A.", {{"x", std::to_string(i)}}).add();
  EXPECT_EQ(&one, &metrics.counter("a_total", "A.", {{"x", "1"}}));
  EXPECT_EQ(one.value(), 1u);
}

TEST(Metrics, HistogramsAddUp) {
  Metrics metrics;
  Histogram& times = metrics.histogram("berth_time_seconds", "Time.", {{"operation", "x"}});
  times.observe(0.001);  // on the bound: belongs below it
  times.observe(0.0011);
  times.observe(1000);
  times.observe(-5);
  times.observe(std::numeric_limits<double>::quiet_NaN());
  const std::string text = metrics.text();
  EXPECT_TRUE(holds(text, "berth_time_seconds_bucket{operation=\"x\",le=\"0.0001\"} 2")) << text;
  EXPECT_TRUE(holds(text, "berth_time_seconds_bucket{operation=\"x\",le=\"0.001\"} 3")) << text;
  EXPECT_TRUE(holds(text, "berth_time_seconds_bucket{operation=\"x\",le=\"0.0025\"} 4")) << text;
  EXPECT_TRUE(holds(text, "berth_time_seconds_bucket{operation=\"x\",le=\"60\"} 4")) << text;
  EXPECT_TRUE(holds(text, "berth_time_seconds_bucket{operation=\"x\",le=\"+Inf\"} 5")) << text;
  EXPECT_TRUE(holds(text, "berth_time_seconds_count{operation=\"x\"} 5")) << text;
  EXPECT_NEAR(times.sum(), 1000.0021, 1e-6);
}

TEST(Metrics, InfinityBreaksNoSum) {
  Histogram times({1, 2});
  times.observe(std::numeric_limits<double>::infinity());
  EXPECT_EQ(times.bucket(2), 1u);
  EXPECT_TRUE(std::isfinite(times.sum()));
}

TEST(Metrics, LabelsAreEscaped) {
  Metrics metrics;
  metrics.counter("a_total", "Back\\slash\nand line.", {{"x", "q\"b\\n\nu\xc3\xbc\xff"}}).add();
  const std::string text = metrics.text();
  EXPECT_TRUE(holds(text, "a_total{x=\"q\\\"b\\\\n\\nu\xc3\xbc\xef\xbf\xbd\"} 1")) << text;
  EXPECT_TRUE(holds(text, "# HELP a_total Back\\\\slash\\nand line.")) << text;
}

TEST(Metrics, WrongUseIsAProgrammingError) {
  Metrics metrics;
  metrics.counter("a_total", "A.");
  EXPECT_THROW(metrics.gauge("a_total", "A."), std::logic_error);
  EXPECT_THROW(metrics.counter("a", "A."), std::logic_error);
  EXPECT_THROW(metrics.gauge("b_total", "B."), std::logic_error);
  EXPECT_THROW(metrics.histogram("b_ms", "B."), std::logic_error);
  EXPECT_THROW(metrics.gauge("1b", "B."), std::logic_error);
  EXPECT_THROW(metrics.gauge("b-c", "B."), std::logic_error);
  EXPECT_THROW(metrics.gauge("b", ""), std::logic_error);
  EXPECT_THROW(metrics.gauge("process_open_fds", "B."), std::logic_error);
  EXPECT_THROW(metrics.gauge("b", "B.", {{"le", "1"}}), std::logic_error);
  EXPECT_THROW(metrics.gauge("b", "B.", {{"x y", "1"}}), std::logic_error);
  EXPECT_THROW(Histogram({2, 1}), std::logic_error);
}

TEST(Metrics, ReadersAreAskedAtEachReading) {
  Metrics metrics;
  int readings = 0;
  metrics.on_read([&] { metrics.gauge("berth_readings", "Readings.").set(++readings); });
  metrics.text();
  EXPECT_TRUE(holds(metrics.text(), "berth_readings 2"));
}

double value_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find('\n' + name + ' ');
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

TEST(Metrics, KnowsTheProcess) {
  const std::string text = Metrics().text();
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value_of(text, "process_virtual_memory_bytes"), value_of(text, "process_resident_memory_bytes"));
  EXPECT_GE(value_of(text, "process_threads"), 1);
  EXPECT_GE(value_of(text, "process_cpu_seconds_total"), 0);
  EXPECT_GE(value_of(text, "process_max_fds"), value_of(text, "process_open_fds"));
  const auto now = static_cast<double>(::time(nullptr));
  EXPECT_LE(value_of(text, "process_start_time_seconds"), now + 2);
  EXPECT_GT(value_of(text, "process_start_time_seconds"), now - 86'400);
}

TEST(Metrics, SeesAFileOpened) {
  Metrics metrics;
  const double before = value_of(metrics.text(), "process_open_fds");
  const int extra = ::dup(0);
  EXPECT_EQ(value_of(metrics.text(), "process_open_fds"), before + 1);
  ::close(extra);
}

TEST(Metrics, ManyThreadsCountRight) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&metrics, t] {
      for (int i = 0; i < 500; ++i) {
        metrics.counter("a_total", "A.", {{"i", std::to_string(i % 7)}}).add();
        metrics.histogram("b_seconds", "B.").observe(0.001 * i);
        if (i % 100 == t) metrics.text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t sum = 0;
  for (int i = 0; i < 7; ++i) sum += metrics.counter("a_total", "A.", {{"i", std::to_string(i)}}).value();
  EXPECT_EQ(sum, 4000u);
  EXPECT_TRUE(holds(metrics.text(), "b_seconds_count 4000"));
}

TEST(Metrics, PromtoolHasNoComplaint) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "promtool is not on PATH (Debian: prometheus)";
  const test::Folder folder;
  Metrics metrics;
  metrics.counter("berth_calls_total", "Calls.", {{"operation", "a\"b\\c\nd"}, {"status", "200"}}).add();
  metrics.counter("berth_calls_total", "Calls.").add();
  metrics.gauge("berth_connections", "Connections.").set(1);
  metrics.histogram("berth_call_duration_seconds", "Time.", {{"operation", "x"}}).observe(0.2);
  test::put(folder.file("text"), metrics.text());
  const std::string command = "promtool check metrics <" + folder.file("text") + " >" + folder.file("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(test::content_of(folder.file("said")), "");
}

}  // namespace
}  // namespace berth::service
