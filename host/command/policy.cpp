// `berth policy`: policies looked at and tested without a host, and what those of a running host decide.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "command/policy_files.hpp"
#include "command/recording.hpp"
#include "policy/roster.hpp"
#include "policy/syntax.hpp"
#include "policy/trial.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using service::Error;
using service::Result;

namespace {

int misused_policy(const std::string& why) {
  std::cerr << "berth: " << why << "\n  see: berth policy --help\n";
  return misused;
}

// A file, or the name of one that comes with Berth.
Result<policy::Source> read_source(const std::string& word, const Arguments& arguments) {
  std::error_code none;
  const bool is_file = word.find('/') != std::string::npos || fs::is_regular_file(word, none);
  const std::string file = is_file ? word : library_policy(word);
  auto text = service::read_regular_file(file, policy::most_text);
  if (!text) {
    Error error = text.error();
    const auto near = service::near_names(word, library_policies());
    error.hint = near.empty() ? "name a file, such as ./budget.lua" : "did you mean " + near.front() + "?";
    return error;
  }
  policy::Source source{fs::path(word).stem().string(), std::move(*text), arguments.value("--settings", "{}")};
  const fs::path tests = fs::path(file).replace_filename(source.name + "_test.lua");
  if (fs::is_regular_file(tests, none)) {
    auto beside = service::read_regular_file(tests, policy::most_text);
    if (!beside) return beside.error();
    source.tests = std::move(*beside);
  }
  if (!json::parse(source.settings, nullptr, false).is_object())
    return Error{0, "bad_option", "--settings wants a JSON object, such as '{\"steps\": 5}'"};
  return source;
}

// Which operations the running host has; nothing: there is none, or it does not say.
std::optional<std::set<std::string>> operations_there(const Arguments& arguments) {
  const auto target = target_of(arguments);
  if (!target) return std::nullopt;
  Client client(*target);
  const auto all = fetch_list(client, "/operations", "operations");
  if (!all) {
    if (arguments.has("--url") || all.error().code == "problem") report_list_error(all.error());
    return std::nullopt;
  }
  std::set<std::string> names;
  for (const auto& one : *all) names.insert(text_at(one, "name"));
  return names;
}

void print_facts(const policy::Facts& facts, const std::optional<std::set<std::string>>& there) {
  std::vector<Row> rows;
  for (const auto& hook : facts.hooks) {
    std::string of = hook.kind == policy::HookKind::every ? std::to_string(hook.every_ms / 1000) + " s" : std::string();
    for (const auto& pattern : hook.match) of += (of.empty() ? "" : ", ") + pattern;
    rows.push_back({std::string(name_of(hook.kind)), std::move(of), "line " + std::to_string(hook.line)});
  }
  if (!rows.empty()) print_table({"HOOK", "OF", "WHERE"}, rows);
  for (const auto& need : facts.needs) {
    const char* state = !there                            ? "nobody to ask whether it is there"
                        : there->contains(need.operation) ? "there"
                                                          : "not loaded";
    std::cout << "  needs " << printable(need.operation) << ": " << state;
    if (!there || !there->contains(need.operation)) std::cout << "; without it: " << printable(need.otherwise);
    std::cout << "\n";
  }
}

// Two of each: before and after.
std::vector<policy::Question> questions_of(const std::vector<RecordedCall>& calls) {
  std::vector<policy::Question> all;
  for (const auto& call : calls) {
    policy::Question question;
    question.closed = call.scope != "read";
    question.session = call.session;
    question.operation = call.operation;
    question.caller = call.caller;
    question.scope = call.scope;
    question.input = call.input.dump(-1, ' ', false, json::error_handler_t::replace);
    all.push_back(question);
    question.kind = policy::HookKind::after;
    question.status = static_cast<std::uint64_t>(call.status);
    question.took_us = static_cast<std::uint64_t>(call.seconds * 1e6);
    if (call.output) question.output = call.output->dump(-1, ' ', false, json::error_handler_t::replace);
    question.bytes = question.output.size();
    all.push_back(std::move(question));
  }
  return all;
}

int check_policies(const Arguments& arguments, const std::vector<std::string>& words) {
  int code = done;
  std::optional<std::set<std::string>> there;
  bool asked = false;
  for (const auto& word : words) {
    const auto source = read_source(word, arguments);
    if (!source) return report(source.error());
    const auto tried = policy::try_policy("/proc/self/exe", *source, false);
    if (!tried.failed.empty()) {
      std::cerr << "berth: " << printable(tried.failed) << "\n";
      code = failed;
      continue;
    }
    if (!tried.facts.needs.empty() && !std::exchange(asked, true)) there = operations_there(arguments);
    std::cout << source->name << ": good\n";
    print_facts(tried.facts, there);
  }
  return code;
}

// What it would have said of calls that were recorded.
int judge_calls(const Arguments& arguments, const std::vector<std::string>& words) {
  if (words.size() != 1) return misused_policy("test --calls takes one policy");
  const auto source = read_source(words[0], arguments);
  if (!source) return report(source.error());
  const auto calls = read_recording(arguments.value("--calls"));
  if (!calls) return report(calls.error());
  const auto tried = policy::try_calls("/proc/self/exe", *source, questions_of(*calls));
  std::vector<Row> rows;
  for (const auto& one : tried.judged) {
    rows.push_back({std::to_string(one.question / 2 + 1), (*calls)[one.question / 2].operation,
                    std::string(name_of(one.question % 2 == 0 ? policy::HookKind::before : policy::HookKind::after)),
                    std::string(name_of(one.step.kind)), policy::place_text(source->name, one.step.line),
                    one.step.words});
  }
  print_table({"CALL", "OPERATION", "HOOK", "VERDICT", "WHERE", "REASON"}, rows);
  std::cout << calls->size() << (calls->size() == 1 ? " call" : " calls") << "\n";
  if (tried.failed.empty()) return done;
  std::cerr << "berth: " << printable(tried.failed) << "\n";
  return failed;
}

int test_policies(const Arguments& arguments, const std::vector<std::string>& words) {
  if (arguments.has("--calls")) return judge_calls(arguments, words);
  std::size_t bad = 0, all = 0;
  for (const auto& word : words) {
    const auto source = read_source(word, arguments);
    if (!source) return report(source.error());
    const auto tried = policy::try_policy("/proc/self/exe", *source, true);
    if (!tried.failed.empty()) {
      std::cerr << "berth: " << printable(tried.failed) << "\n";
      ++bad;
    }
    for (const auto& one : tried.tests) {
      ++all;
      bad += one.failed.empty() ? 0 : 1;
      std::cout << (one.failed.empty() ? "ok    " : "FAIL  ") << source->name << ": " << printable(one.name) << "\n";
      if (!one.failed.empty()) std::cout << "      " << printable(one.failed) << "\n";
    }
  }
  if (all == 0 && bad == 0) std::cout << "no tests\n";
  if (all > 0 || bad > 0) std::cout << all << (all == 1 ? " test" : " tests") << ", " << bad << " failed\n";
  return bad == 0 ? done : failed;
}

int trace_policies(const Arguments& arguments) {
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  Client client(*target);
  Client::Request request;
  request.path = "/policies/trace?operation=" + service::percent_encode(arguments.value("--operation", "*"));
  const auto answer = client.send(request);
  if (!answer) return report(answer.error());
  if (answer->status >= 400) return report_problem(*answer);
  if (arguments.has("--json")) {
    std::cout << answer->body << "\n";
    return done;
  }
  std::vector<Row> rows;
  for (const auto& decision : list_at(json_of(answer->body), "decisions")) {
    for (const auto& word : list_at(decision, "policies")) {
      rows.push_back({text_at(decision, "time"), text_at(decision, "hook"), text_at(decision, "operation"),
                      text_at(decision, "session"), text_at(word, "policy"), text_at(word, "verdict"),
                      text_at(word, "where"), text_at(word, "reason")});
    }
  }
  print_table({"TIME", "HOOK", "OPERATION", "SESSION", "POLICY", "VERDICT", "WHERE", "REASON"}, rows);
  return done;
}

int run_policy(const Arguments& arguments) {
  auto words = arguments.rest();
  if (words.empty()) return misused_policy("policy wants check, test or trace");
  const std::string verb = words.front();
  words.erase(words.begin());
  if (verb == "trace" && words.empty()) return trace_policies(arguments);
  if (verb == "trace") return misused_policy("trace takes options only");
  if (verb != "check" && verb != "test") return misused_policy("policy knows check, test and trace, and no " + verb);
  if (words.empty()) return misused_policy(verb + " wants a file, or the name of a policy that comes with Berth");
  return verb == "check" ? check_policies(arguments, words) : test_policies(arguments, words);
}

}  // namespace

Command policy_command() {
  std::vector<Option> options{{"--settings", "JSON", "check, test: what berth.settings is"},
                              {"--calls", "RECORDING", "test: what it says of calls that the policy record has kept"},
                              {"--operation", "NAME", "trace: only of these; * stands for anything"},
                              {"--json", "", "trace: as the host gives it"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"policy",
          "checks and tests policies, and shows what they decide",
          "check|test|trace [FILE…] [options]",
          "  berth policy check my.lua      is it Lua, which hooks has it, and is what it needs there?\n"
          "  berth policy test my.lua       runs the tests that stand in it, and in my_test.lua\n"
          "  berth policy test my.lua --calls FILE\n"
          "                                 asks it about recorded calls, as they came, with the time of now; what it\n"
          "                                 wants to call itself is not there. FILE is as for `berth replay`\n"
          "  berth policy trace             what the policies of a running host said of the last calls, and why\n\n"
          "FILE may be the name of a policy that comes with Berth, such as budget.\n",
          std::move(options),
          run_policy};
}

}  // namespace berth::command
