// The C struct of each service, static, as a plugin gets it from berth_host::service().
#pragma once

namespace berth::loader {

const void* log_table();
const void* config_table();
const void* secrets_table();
const void* timers_table();
const void* process_table();
const void* files_table();
const void* http_table();
const void* events_table();
const void* metrics_table();
const void* jobs_table();
const void* calls_table();
const void* workspace_table();

}  // namespace berth::loader
