// What store.hpp does, with names and numbers that a client gave.
#include "store_operations.hpp"

#include <fcntl.h>

#include "store.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

constexpr std::uint64_t most_records = 1000, usual_records = 100, most_bytes = 4u << 20;

berth::Fd store_folder(const Asked& asked) {
  const Place place = asked.root.place(".store");
  berth::Fd fd(open_beneath(asked.root.fd(), place.path, O_RDONLY | O_DIRECTORY, false));
  if (!fd) throw failure(errno, place);
  return fd;
}

berth::Schema name() {
  return berth::string().pattern("^[a-z0-9][a-z0-9_-]*$").max_length(64).describe("The store").example("citations");
}

}  // namespace

berth::Schema store_append_input() {
  return berth::object(
      {berth::field("store", name()),
       berth::field("record", berth::anything()
                                  .describe("Any JSON, of at most 256 KiB")
                                  .example({{"url", "https://example.org/"}, {"title", "An example"}}))});
}

berth::Schema store_read_input() {
  return berth::object({
      berth::field("store", name()),
      berth::optional("from", berth::integer().minimum(1).otherwise(1).describe("Number of the first record")),
      berth::optional(
          "count",
          berth::integer().minimum(1).maximum(most_records).otherwise(usual_records).describe("At most so many")),
  });
}

berth::Schema store_verify_input() {
  return berth::object({
      berth::field("store", name()),
      berth::optional("n", berth::integer().minimum(1).describe(
                               "A record whose digest you remember, from the answer of workspace.store.append,")),
      berth::optional("sha256", berth::string().pattern("^[0-9a-f]{64}$").describe("and that digest")),
  });
}

Json store_append(const Asked& asked, const berth::Call& call) {
  const berth::Fd folder = store_folder(asked);
  const Store store(folder.get(), asked.text("store"), asked.proven);
  auto promise = asked.usage.demand(asked.root, berth::json_text(asked.input.at("record")).size() + 512);
  const auto done = store.append(asked.input.at("record"), call.caller());
  promise.became(static_cast<std::int64_t>(done.size));
  Json answer{{"n", done.head.number}, {"sha256", done.head.sha256}};
  if (done.cut > 0)
    answer["repaired"] = std::to_string(done.cut) + " bytes of a record that was never whole were taken away";
  return answer;
}

Json store_read(const Asked& asked) {
  const berth::Fd folder = store_folder(asked);
  const auto from = asked.input.value("from", std::uint64_t{1});
  const Store store(folder.get(), asked.text("store"), asked.proven);
  auto part = store.read(from, asked.input.value("count", usual_records), most_bytes);
  const std::uint64_t next = from + part.records.size();
  Json answer{{"total", part.total}, {"records", std::move(part.records)}};
  if (next <= part.total) answer["next"] = next;
  if (part.torn) answer["torn"] = true;
  return answer;
}

Json store_verify(const Asked& asked, const berth::Call& call) {
  std::optional<ChainHead> remembered;
  if (asked.input.contains("n") != asked.input.contains("sha256"))
    throw Error(422, "invalid_input", "n and sha256 belong together",
                "give both, as workspace.store.append answered them");
  if (asked.input.contains("n")) remembered = ChainHead{asked.input.at("n").get<std::uint64_t>(), asked.text("sha256")};
  const berth::Fd folder = store_folder(asked);
  const Store store(folder.get(), asked.text("store"), asked.proven);
  const auto verdict = store.verify(remembered, [&call] { return !call.cancelled(); });
  Json answer{{"good", !verdict.broken}, {"n", verdict.head.number}, {"sha256", verdict.head.sha256}};
  if (verdict.broken)
    answer["broken"] = {{"n", verdict.broken->number},
                        {"offset", verdict.broken->offset},
                        {"what", verdict.broken->what},
                        {"message", verdict.broken->words}};
  return answer;
}

Json store_list(const Asked& asked) {
  const berth::Fd folder = store_folder(asked);
  return {{"stores", Store::names(folder.get())}};
}

}  // namespace workspace
