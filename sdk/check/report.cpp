// Prints one line a check that found nothing, and each finding of the others.
#include "report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>

#include "checks.hpp"

namespace berth::check {

namespace {

std::string coloured(Verdict verdict, const std::string& text) {
  static const bool colour = ::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
  static constexpr const char* codes[] = {"32", "2", "33", "1;31"};
  return colour ? std::string("\x1b[") + codes[static_cast<int>(verdict)] + "m" + text + "\x1b[0m" : text;
}

void print_line(Verdict verdict, const std::string& check, const std::string& text) {
  std::string word = name_of(verdict);
  word.resize(std::max<std::size_t>(word.size(), 7), ' ');
  std::cout << "  " << coloured(verdict, word) << "  " << std::left << std::setw(14) << check << text << "\n";
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string said(const Finding& one) { return (one.operation.empty() ? "" : one.operation + ": ") + one.why; }

// Of those that found nothing wrong.
void print_good(const std::string& check, const Findings& good) {
  const auto worst =
      std::count_if(good.begin(), good.end(), [](const Finding& one) { return one.verdict == Verdict::ok; });
  if (good.size() == 1) return print_line(good.front().verdict, check, said(good.front()));
  if (worst == 0)
    return print_line(Verdict::skipped, check, said(good.front()) + "; " + std::to_string(good.size() - 1) + " more");
  const auto skipped = good.size() - static_cast<std::size_t>(worst);
  print_line(Verdict::ok, check,
             counted(static_cast<std::size_t>(worst), "operation") +
                 (skipped ? ", " + std::to_string(skipped) + " skipped" : ""));
}

// Of findings that want the same thing done, the first few are told.
void print_bad(const std::string& check, const Findings& bad) {
  constexpr std::size_t few = 5;
  std::map<std::string, std::vector<const Finding*>> by_advice;
  for (const Finding& one : bad) by_advice[one.advice].push_back(&one);
  for (const auto& [advice, all] : by_advice) {
    for (std::size_t i = 0; i < std::min(few, all.size()); ++i) print_line(all[i]->verdict, check, said(*all[i]));
    const std::string more =
        all.size() > few ? "(and " + std::to_string(all.size() - few) + " more; --json has all) " : "";
    if (!advice.empty()) std::cout << std::string(25, ' ') << more << "→ " << advice << "\n";
  }
}

void print_check(const std::string& check, const Findings& all) {
  Findings good, bad;
  for (const Finding& one : all) (one.verdict < Verdict::warn ? good : bad).push_back(one);
  print_bad(check, bad);
  if (!good.empty()) print_good(check, good);
}

std::size_t count(const Report& report, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(report.findings.begin(), report.findings.end(),
                                                [&](const Finding& one) { return one.verdict == verdict; }));
}

void print_json(const Report& report, const Options& options) {
  nlohmann::json findings = nlohmann::json::array();
  for (const Finding& one : report.findings)
    findings.push_back({{"check", one.check},
                        {"verdict", name_of(one.verdict)},
                        {"operation", one.operation},
                        {"why", one.why},
                        {"advice", one.advice}});
  const nlohmann::json all{{"plugin", report.name},
                           {"version", report.version},
                           {"seed", options.seed},
                           {"failures", count(report, Verdict::fail)},
                           {"warnings", count(report, Verdict::warn)},
                           {"findings", findings}};
  std::cout << all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

}  // namespace

void print(const Report& report, const Options& options) {
  if (options.json) return print_json(report, options);
  std::cout << options.given << ": ";
  if (report.name.empty())
    std::cout << "no plugin\n\n";
  else
    std::cout << report.name << " " << report.version << ", " << counted(report.operations, "operation") << "\n\n";
  for (const auto& check : check_names()) {
    Findings of_it;
    std::copy_if(report.findings.begin(), report.findings.end(), std::back_inserter(of_it),
                 [&](const Finding& one) { return one.check == check; });
    if (!of_it.empty()) print_check(check, of_it);
  }
  std::cout << "\n"
            << counted(count(report, Verdict::fail), "failure") << ", "
            << counted(count(report, Verdict::warn), "warning") << "  (seed " << options.seed << ", " << std::fixed
            << std::setprecision(1) << report.seconds << " s)\n";
}

int exit_code(const Report& report, const Options& options) {
  return count(report, Verdict::fail) + (options.strict ? count(report, Verdict::warn) : 0) > 0 ? 1 : 0;
}

}  // namespace berth::check
