// What the operations answer, as schemas: for whoever writes a client, and for LLM clients.
#pragma once

#include <berth/schema.hpp>

namespace machine {

berth::Schema information_answer();
berth::Schema cpu_answer();
berth::Schema memory_answer();
berth::Schema disks_answer();
berth::Schema devices_answer();
berth::Schema hardware_answer();
berth::Schema interfaces_answer();
berth::Schema connections_answer();
berth::Schema ports_answer();
berth::Schema processes_answer();
berth::Schema process_answer();
berth::Schema services_answer();
berth::Schema service_answer();
berth::Schema journal_answer();  // of service_logs, too
berth::Schema log_answer();
berth::Schema directories_answer();
berth::Schema files_answer();
berth::Schema file_answer();

// What all operations here have in common.
template <class Operation>
auto ready(Operation operation, const berth::Schema& answer) {
  return operation.output(answer).read_only().concurrent().blocking();
}

}  // namespace machine
