// What the plugin may be told by berth.lua, and how its operations come to their functions.
#include "plugin.hpp"

#include "journal.hpp"
#include "journal_files.hpp"
#include "listing.hpp"
#include "log_file.hpp"
#include "cpu.hpp"

namespace machine {

using namespace berth;

void Plugin::declare(Declaration& d) {
  d.plugin("system", "1.0.0", "What the machine is and does: read-only, from the kernel and from journals");
  d.needs("library", "libsystemd.so.0", "reads journals and asks systemd", "apt-get install libsystemd0");
  const auto path = berth::string().pattern("^/").max_length(4096);
  d.config(object(
      {berth::optional("files",
                       array(path)
                           .max_items(256)
                           .otherwise(Json::array())
                           .describe("Files, and folders with all beneath them, that system.file, .files and "
                                     ".directories may show; of these only what every user of the machine may read")),
       berth::optional("private_logs", boolean().otherwise(false).describe(
                                           "Journals, and logs that not every user may read, as auth.log. They tell "
                                           "of everybody on the machine, and may have secrets in them")),
       berth::optional("command_lines", boolean().otherwise(false).describe(
                                            "Whole command lines of processes, of other sessions' and the host's, "
                                            "too, which may have secrets in them; otherwise names alone")),
       berth::optional("logs", berth::string().pattern("^/").otherwise("/var/log").describe("Where logs are")),
       berth::optional("journals", array(path)
                                       .max_items(16)
                                       .otherwise(Json::array({"/var/log/journal", "/run/log/journal"}))
                                       .describe("Where journals are"))}));
  declare_machine(d);
  declare_activity(d);
  declare_logs(d);
}

Plugin::Plugin(const Context& context)
    : m_looks{context.config.value("command_lines", false)},
      m_places(context.config.value("files", std::vector<std::string>())),
      m_private_logs(context.config.value("private_logs", false)),
      m_log_folder(context.config.value("logs", "/var/log")),
      m_apart(in_a_process_of_its_own(m_trees.proc.text("self/cmdline", 4096).value_or(""))),
      m_journals(context.config.value("journals", std::vector<std::string>{"/var/log/journal", "/run/log/journal"})) {}

Json Plugin::cpu(const Json& input) {
  return tell_cpu(m_trees, std::chrono::milliseconds(input.value("sample_ms", 200)));
}
Json Plugin::disks(const Json& input) { return m_disks.tell(m_trees, input.value("all", false)); }
Json Plugin::services(const Json& input) { return m_services.list(input); }
Json Plugin::service(const Json& input) { return m_services.status(input); }
Json Plugin::log(const Json& input) { return read_log(m_log_folder, m_private_logs, input); }
Json Plugin::directories(const Call& call) {
  return list_directories(m_places, call.input(), [&call] { return call.cancelled(); });
}
Json Plugin::journal(const Call& call) { return entries(call, call.input().value("unit", "")); }
Json Plugin::service_logs(const Call& call) { return entries(call, call.input().at("service").get<std::string>()); }

Json Plugin::entries(const Call& call, const std::string& unit) {
  const auto files = journal_files(m_journals);
  if (files.empty())
    throw Error(501, "no_journal", "there is no systemd journal on this machine that this process can see",
                "in a container that is usual, and a confined plugin reads none; system.log reads files in /var/log");
  if (!m_private_logs)
    throw Error(
        403, "private_logs", "the journal is not for every user of this machine to read",
        "the operator opens it in berth.lua: plugin \"system\" { process = \"own\", confined = false, config = { "
        "private_logs = true } }");
  if (!m_apart)
    throw Error(
        501, "not_in_the_host",
        "journals are not read within the host's process: a file that is shortened meanwhile would end it",
        "the operator gives this plugin its own in berth.lua: plugin \"system\" { process = \"own\", confined = "
        "false }");
  const Json& input = call.input();
  return m_desk.read(files,
                     {unit, input.value("since", ""), input.value("priority", ""), input.value("transport", ""),
                      input.value("lines", std::size_t{100})},
                     [&call] { return call.cancelled(); });
}

}  // namespace machine

BERTH_PLUGIN(machine::Plugin);
