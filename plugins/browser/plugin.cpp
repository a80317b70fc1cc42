// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "plugin.hpp"

namespace browser {

using namespace berth;

void Plugin::declare(Declaration& d) {
  d.plugin("browser", "1.0.0", "Chromium, driven: each session has tabs and cookies of its own");
  for (const char* id : {BERTH_PROCESS, BERTH_EVENTS, BERTH_WORKSPACE}) d.service(id);
  d.needs("file", "/usr/lib/chromium/chromium", "is the browser", "scripts/setup --with browser");
  d.jail(Json{{"nests", true}, {"allow", {"*"}}, {"memory", 4'000'000'000}});
  d.config(object(
      {berth::optional("program",
                       berth::string().min_length(1).otherwise("/usr/lib/chromium/chromium").describe("The browser")),
       berth::optional("arguments",
                       array(berth::string().max_length(1000)).max_items(100).describe("Further ones of its own")),
       berth::optional("locale", berth::string().pattern("^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$").otherwise("en-US")),
       berth::optional(
           "time_zone",
           berth::string().pattern("^[A-Za-z0-9_+/-]{1,64}$").describe("Europe/Lisbon; the host's, if not given")),
       berth::optional("width", integer().minimum(200).maximum(8000).otherwise(1920)),
       berth::optional("height", integer().minimum(200).maximum(8000).otherwise(1080)),
       berth::optional("tabs", integer().minimum(1).maximum(500).otherwise(20).describe("That one session may have")),
       berth::optional("calls", integer().minimum(1).maximum(1000).otherwise(64).describe(
                                    "Of one session that may be under way; more are told to come again (429)")),
       berth::optional("quarantine", array(berth::string().pattern("^[a-z0-9]{1,20}$"))
                                         .max_items(500)
                                         .describe("Ends of names of downloads that nobody should run, instead of the "
                                                   "usual ones")),
       berth::optional("largest_download", integer().minimum(1).maximum(268'435'456).otherwise(268'435'456)),
       berth::optional("consistent_fingerprint",
                       boolean().otherwise(true).describe("Whether it says that it is an ordinary Chrome, in its user "
                                                          "agent, its client hints and to scripts alike")),
       berth::optional("allow_no_sandbox",
                       boolean().otherwise(false).describe(
                           "Whether it may run without its own sandbox where that cannot be had"))}));
  declare_tabs(d);
  declare_looks(d);
  declare_hands(d);
  declare_keys(d);
  declare_page(d);
  declare_state(d);
  declare_cdp(d);
  declare_network(d);
  declare_extract(d);
  declare_files(d);
  declare_surroundings(d);
  declare_live(d);
  declare_paper(d);
}

}  // namespace browser

BERTH_PLUGIN(browser::Plugin);
