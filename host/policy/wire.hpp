// What the host and the process of its policies say to each other: frames of a length, a kind and packed fields. Both
// ends use the same functions.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::policy {

enum class FrameKind : std::uint64_t {
  // host → policies
  load = 1,  // the texts, and what they kept
  ask,       // a question to some hooks
  resume,    // what came of an operation that a hook waits for
  drop,      // nobody waits for that question any more
  forget,    // what was kept for a session
  there,     // which of the operations that they need there are
  test,      // as load, and run the tests
  keep,      // what was kept besides
  // policies → host
  loaded = 32,
  call,    // a hook waits for an operation
  answer,  // to a question
  tested
};

enum class HookKind : std::uint64_t { before, after, event, every, start, stop };
std::string_view name_of(HookKind kind);

struct Source {  // a policy as it is loaded
  std::string name;
  std::string text;
  std::string settings = "{}";  // JSON
  std::string tests = {};       // that stand in a file of their own
};

struct Hook {
  HookKind kind = HookKind::before;
  std::vector<std::string> match;  // patterns of operations, or of topics
  std::uint64_t every_ms = 0;      // of `every`
  std::uint64_t line = 0;          // where it begins
  bool fits(std::string_view name) const;
};

struct Need {
  std::string operation, otherwise;  // what is done where it is not there
};

struct Facts {         // of a policy that was loaded
  std::string failed;  // why it was not; empty: it was
  std::vector<Hook> hooks;
  std::vector<Need> needs;
  std::uint64_t tests = 0;
};

struct Loaded {
  std::vector<Facts> facts;         // of each
  std::vector<std::string> layers;  // that confine their process
};

struct Kept {  // one value of berth.state
  std::uint64_t script = 0;
  std::string session, key;
  std::string value;  // JSON; empty: it is gone
};

struct Loading {
  std::vector<Source> sources;
  std::uint64_t memory = 0;  // bytes that each may hold
  std::vector<Kept> kept;
};

struct Place {  // of a hook
  std::uint64_t script = 0, hook = 0;
};

struct Question {
  std::uint64_t id = 0;
  HookKind kind = HookKind::before;
  bool closed = false;  // whoever fails has refused: nobody is asked after that
  std::string session;
  std::string operation;  // or an event's topic
  std::string caller, scope, request;
  std::string input;   // JSON: of the call, or what an event says
  std::string output;  // JSON; empty: there is none to be seen
  std::uint64_t status = 0, took_us = 0, bytes = 0;
  std::uint64_t turn = 0;  // of the session when it was asked; 0: none was opened yet
  std::vector<Place> hooks;
};

enum class StepKind : std::uint64_t { allow, deny, delay, rewrite, approve, failed };
std::string_view name_of(StepKind kind);

struct Step {  // what one hook said
  Place place;
  StepKind kind = StepKind::allow;
  std::uint64_t line = 0;
  std::string words;  // a reason
  double seconds = 0;
  std::uint64_t status = 0;
};

struct Charge {
  std::uint64_t script = 0;
  std::string name;
  double amount = 0;
};
struct Emitted {
  std::uint64_t script = 0;
  std::string topic, data;  // JSON
};
struct Line {  // of the log
  std::uint64_t script = 0, level = 0;
  std::string text;
};

struct Said {  // besides verdicts
  std::vector<Kept> changes;
  std::vector<Charge> charges;
  std::vector<Emitted> events;
  std::vector<Line> lines;
};

struct Answer {
  std::uint64_t id = 0;
  std::vector<Step> steps;
  Said said;
  std::string rewritten;  // JSON
  std::string remaining;  // of a budget, as a header has it
};

struct Waiting {  // a hook waits for an operation
  std::uint64_t id = 0, script = 0;
  std::string operation, input;
  Said said;
};

struct Resumed {
  std::uint64_t id = 0;
  bool good = false;
  std::string json;  // the answer, or the problem
};

struct Tested {
  std::string name, failed;  // empty: it passed
};

std::string pack(const Loading& loading);
std::string pack(const Loaded& loaded);
std::string pack(const Question& question);
std::string pack(const Answer& answer);
std::string pack(const Waiting& waiting);
std::string pack(const Resumed& resumed);
std::string pack(const std::vector<Tested>& tested);
std::string pack_test(const Loading& loading);
std::string pack_kept(const std::vector<Kept>& kept);
std::string pack_number(FrameKind kind, std::uint64_t number);  // drop
std::string pack_texts(FrameKind kind, const std::vector<std::string>& texts);

FrameKind kind_of(std::string_view frame);
std::optional<Loading> unpack_loading(std::string_view frame);
std::optional<Loaded> unpack_loaded(std::string_view frame);
std::optional<Question> unpack_question(std::string_view frame);
std::optional<Answer> unpack_answer(std::string_view frame);
std::optional<Waiting> unpack_waiting(std::string_view frame);
std::optional<Resumed> unpack_resumed(std::string_view frame);
std::optional<std::vector<Tested>> unpack_tested(std::string_view frame);
std::optional<std::vector<Kept>> unpack_kept(std::string_view frame);
std::optional<std::uint64_t> unpack_number(std::string_view frame);
std::optional<std::vector<std::string>> unpack_texts(std::string_view frame);

constexpr std::size_t most_frame = 256u << 20;  // bytes

// In place of a question: the texts; and what was kept for a session, which is answered, too.
constexpr std::uint64_t being_read = ~std::uint64_t{0}, being_forgotten = being_read - 1;

// Where the policies are at this moment, in memory that both see: the only word that one of them leaves when it is
// killed.
struct Where {
  std::atomic<std::uint64_t> question{0};  // 0: at none
  std::atomic<std::uint64_t> script{0}, line{0};
  std::atomic<std::uint64_t> stage{0};  // how many hooks have begun
};

}  // namespace berth::policy
