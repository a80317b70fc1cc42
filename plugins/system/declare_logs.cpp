// What the plugin says of its operations about logs and files.
#include "answers.hpp"
#include "listing.hpp"
#include "plugin.hpp"

namespace machine {

using namespace berth;

namespace {

Field lines(unsigned usual, unsigned most) {
  return berth::optional("lines",
                         integer().minimum(1).maximum(most).otherwise(usual).describe("So many, from the end"));
}
Field path(const char* what) { return field("path", berth::string().min_length(1).max_length(4096).describe(what)); }
// Empty is the same as not given.
Field word(const char* name, unsigned long most, const char* what, const char* example) {
  return berth::optional(name, berth::string().max_length(most).otherwise("").describe(what).example(example));
}

Schema folder_input() {
  return object(
      {path("The folder, from / on"),
       berth::optional("sort",
                       berth::string().one_of({"name", "size", "modified"}).otherwise("name").describe("By what")),
       berth::optional(
           "order", berth::string().one_of({"ascending", "descending"}).otherwise("ascending").describe("Which way")),
       berth::optional("limit", integer().minimum(1).maximum(1000).otherwise(200).describe("How many come at most"))});
}

constexpr const char* about_journal =
    "The oldest of them first. 501 `no_journal` where there is none, as in most containers; 403 `private_logs` unless "
    "berth.lua opens it; 501 `not_in_the_host` unless the plugin has a process of its own.";
constexpr const char* about_files =
    "Only what the operator lists in berth.lua, and of that only what every user of the machine may read: 403 "
    "`not_listed`, `not_public`.";

}  // namespace

void Plugin::declare_logs(Declaration& d) {
  ready(d.get("service_logs", "/system/services/{service}/logs"), journal_answer())
      .summary("Reads the latest entries of a service in systemd's journal")
      .description(about_journal)
      .input(object({field("service", berth::string()
                                          .pattern("^[A-Za-z0-9:_.\\\\@-]{1,255}$")
                                          .describe("Its name, with or without .service")
                                          .example("ssh")),
                     lines(50, 1000)}))
      .handle(&Plugin::service_logs);
  ready(d.get("journal", "/system/journal"), journal_answer())
      .summary("Reads the latest entries of systemd's journal")
      .description(about_journal)
      .input(object(
          {word("unit", 255, "Only of this unit", "ssh.service"),
           word("priority", 32, "At least so grave: a name or 0 to 7; or a range", "warning"),
           word("since", 64, "Not older than this, in UTC", "2 hours ago"),
           word("transport", 32, "Only what came this way: kernel, syslog, journal, stdout, audit, driver", "kernel"),
           lines(100, 1000)}))
      .handle(&Plugin::journal);
  ready(d.get("log", "/system/log"), log_answer())
      .summary("Reads the last lines of a file in /var/log")
      .description(
          "At most 256 KiB. What not every user of the machine may read is 403 `not_public`, unless berth.lua opens "
          "it.")
      .input(object({path("The file, as \"dpkg.log\" or \"/var/log/dpkg.log\""), lines(100, 2000)}))
      .handle(&Plugin::log);
  ready(d.get("directories", "/system/directories"), directories_answer())
      .summary("Lists the folders in a folder of the machine; sorted by size, with what lies beneath each")
      .description(about_files)
      .input(folder_input())
      .handle(&Plugin::directories);
  ready(d.get("files", "/system/files"), files_answer())
      .summary("Lists the files in a folder of the machine")
      .description(about_files)
      .input(folder_input())
      .handle(&Plugin::placed<&list_files>);
  ready(d.get("file", "/system/file"), file_answer())
      .summary("Reads a text file of the machine, 256 KiB at a time")
      .description(about_files)
      .input(object(
          {path("The file, from / on"), berth::optional("from", integer()
                                                                    .minimum(0)
                                                                    .maximum(1'000'000'000'000'000)
                                                                    .otherwise(0)
                                                                    .describe("The first byte, counted from 0"))}))
      .handle(&Plugin::placed<&read_file>);
}

}  // namespace machine
