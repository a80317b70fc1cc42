// Of what runs, who is connected, what is written down, and what lies in files.
#include "answer_words.hpp"
#include "answers.hpp"

namespace machine {

using namespace berth;

namespace {

Schema endpoint() { return object({field("address", string()), field("port", count().maximum(65535))}); }

Schema port() {
  const auto process = object({field("pid", count()), field("name", string())});
  return object({field("protocol", string().one_of({"tcp", "udp"})), field("family", string().one_of({"ipv4", "ipv6"})),
                 field("local", endpoint()), field("user", string()),
                 optional("process", Schema(process).describe("Where the host may look"))});
}
Field owners() { return field("owners_whole", boolean().describe("False: too many processes to look for all owners")); }

Schema process_states() {
  return string().one_of({"running", "sleeping", "waiting", "idle", "stopped", "traced", "zombie", "dead", "unknown"});
}
Schema process_facts() {
  return object({field("pid", count()), field("name", string().describe("As the kernel keeps it: 15 characters")),
                 field("state", process_states()), field("parent", count()),
                 field("user", Schema(Json{{"type", {"string", "null"}}}).describe("null: it has ended meanwhile")),
                 field("memory", bytes(" that are resident")), field("cpu_seconds", number().minimum(0)),
                 field("threads", count()), field("started_at", moment()),
                 field("cpu_percent", number().minimum(0).describe("Of one processor")),
                 optional("command", string().describe("Only where berth.lua says `command_lines`"))});
}

Schema service_facts() {
  return object({field("name", string()), optional("description", string()),
                 optional("load", string().example("loaded")), optional("active", string().example("active")),
                 optional("sub", string().example("running"))});
}

Schema entry() {
  return object({field("name", string()), field("modified", moment()), field("mode", string().example("0644"))});
}
Schema listing(const Schema& of) {
  return object({field("path", string()), field("entries", array(of)),
                 field("total", count().describe("Of this kind, in the folder")), truncated()});
}

}  // namespace

Schema ports_answer() { return object({field("ports", array(port())), total(), truncated(), owners(), next()}); }

Schema connections_answer() {
  const auto one = with(port(), {field("remote", endpoint()), field("state", string().example("established")),
                                 field("receive_queue", bytes(" that nobody has read")),
                                 field("send_queue", bytes(" that are not acknowledged"))});
  return object({field("connections", array(one)), total(), truncated(), owners(), next()});
}

Schema processes_answer() { return object({field("processes", array(process_facts())), total(), truncated(), next()}); }

Schema process_answer() {
  const auto memory = object({field("virtual", bytes("")), field("peak", bytes(" that were resident at most")),
                              field("shared", bytes("")), field("data", bytes("")), field("swap", bytes(""))});
  const auto value = Schema(Json{{"type", {"integer", "null"}}}).describe("null: none");
  const auto limit = object({field("name", string().example("open files")), field("soft", value), field("hard", value),
                             optional("unit", string())});
  const auto thread = object({field("id", count()), field("name", string()), field("state", process_states()),
                              field("cpu_seconds", number().minimum(0))});
  return with(process_facts(),
              {field("memory_detail", memory), field("nice", integer()), field("running_seconds", count()),
               field("limits", array(limit)), field("thread_list", array(thread)),
               optional("threads_cut", boolean().describe("There are more than the 256 in the list")),
               optional("open_files", count().describe("Where the host may look")),
               optional("program", string().describe("Its file; only where berth.lua says `command_lines`"))});
}

Schema services_answer() { return object({field("services", array(service_facts())), total(), truncated(), next()}); }

Schema service_answer() {
  return with(service_facts(), {optional("enabled", string().example("enabled")), optional("file", string()),
                                optional("result", string()), optional("pid", count()), optional("memory", bytes("")),
                                optional("tasks", count()), optional("exit_code", integer()),
                                optional("restarts", count()), optional("since", moment())});
}

Schema journal_answer() {
  const auto entry_of = object(
      {field("at", moment()), field("message", string()), optional("cut", boolean().describe("It was longer")),
       optional("unit", string()), optional("identifier", string()), optional("hostname", string()),
       optional("transport", string()), optional("pid", count()), optional("priority", string().example("warning"))});
  return object(
      {field("entries", array(entry_of).describe("The oldest first")), truncated(),
       optional(
           "files_left_out",
           count().describe("Files of the journal that are broken, may not be read, or are older than the newest 200")),
       field("whole", boolean().describe("False: the search took too long and was given up, or a file is broken"))});
}

Schema log_answer() {
  return object({field("path", string()), field("size", bytes("")), field("modified", moment()),
                 field("text", string().describe("Its last lines")), field("lines", count()), truncated()});
}

Schema directories_answer() {
  return listing(with(
      entry(), {optional("size", bytes(" of all files beneath it, if sorted by size")),
                optional("size_is_more",
                         boolean().describe("Not all of it could be counted: what is closed, or on another disk"))}));
}
Schema files_answer() { return listing(with(entry(), {field("size", bytes(""))})); }

Schema file_answer() {
  return object({field("path", string()), field("size", bytes("; 0 of what the kernel makes")),
                 field("modified", moment()), field("text", string()), truncated(),
                 optional("next", count().describe("Give it as `from` to go on"))});
}

}  // namespace machine
