// What pages have asked the network for.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_network(Declaration& d) {
  const auto request = Schema(Json{{"type", "object"}}).describe("number, method, url, type, status, ms, bytes, error");
  auto network = d.get("network", "/browser/network");
  words(
      network, "What the tab's pages have asked the network for",
      "The last 1000 requests are kept. Say `failed` or `url` to see fewer; browser.exchange has one of them whole.",
      object({tab_field(), timeout_field(),
              berth::optional("after", integer().minimum(0).otherwise(0).describe("Only those behind this number")),
              berth::optional("most", integer().minimum(1).maximum(1000).otherwise(50).describe("The last so many")),
              berth::optional("url", berth::string().max_length(1000).describe("A part of it")),
              berth::optional("failed", boolean().otherwise(false).describe("Only errors, and statuses from 400 on"))}))
      .output(object({field("tab", berth::string()), field("requests", array(request)), field("left_out", integer()),
                      field("in_all", integer())}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::network); });
  auto exchange = d.get("exchange", "/browser/network/{number}");
  words(exchange, "One request and its answer, header fields and body", "",
        object({tab_field(), timeout_field(), field("number", integer().minimum(1).describe("As browser.network says")),
                berth::optional("max_bytes",
                                integer().minimum(0).maximum(1 << 20).otherwise(4000).describe("Of the body"))}))
      .output(
          object({field("tab", berth::string()), field("request", request), berth::optional("body", berth::string()),
                  berth::optional("base64", berth::string().describe("A body that is no text")),
                  berth::optional("left_out", integer().describe("Bytes of the body")),
                  berth::optional("no_body", berth::string())}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::exchange); });
  auto har = d.download("har", "/browser/har");
  words(har, "The tab's requests as a HAR file", "",
        object({tab_field(), timeout_field(),
                berth::optional("bodies", boolean().otherwise(false).describe("Bodies up to 1 MiB, 32 MiB in all"))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::har); });
  auto start = d.post("start_trace", "/browser/trace/start");
  words(start, "Begins to record what a tab's page does",
        "For the performance panel of Chrome, or Perfetto. One at a time.", object({tab_field(), timeout_field()}))
      .output(object({field("tab", berth::string()), field("tracing", boolean())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::start_trace); });
  auto stop = d.post("stop_trace", "/browser/trace/stop");
  words(stop, "Ends it, and writes it into a file of the workspace", "",
        object({tab_field(), timeout_field(),
                field("path", berth::string()
                                  .min_length(1)
                                  .max_length(1000)
                                  .describe("In output/ or deploy/")
                                  .example("output/trace.json"))}))
      .output(object({field("tab", berth::string()), field("bytes", integer()), field("path", berth::string())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::stop_trace); });
}

}  // namespace browser
