// Jupyter's words and the worker's: what a request asks of it, and how its answer is told. Clients and workers are
// strangers alike: each field is looked at before it is used.
#pragma once

#include <berth/call.hpp>

#include <optional>
#include <string>

#include "record.hpp"
#include "wire/message.hpp"

namespace kernel::wire {

// An execute_request; null: it has no code.
std::optional<Ask> ask_of(const berth::Json& content);

// What the worker is asked, for requests that run no cell: complete, inspect, is_complete, history, comm_info. Null: it
// is none of these, or makes no sense.
std::optional<berth::Json> question_of(const Message& message);
// comm_open, comm_msg and comm_close, for the worker; null: it is none.
std::optional<berth::Json> comm_of(const Message& message);

// The content of the reply to a question of that type that was answered.
berth::Json reply_to(const std::string& type, const berth::Json& done);
berth::Json failed_reply(const std::string& name, const std::string& value);
// Of an execute_request that has ended as `ending_of` says.
berth::Json execute_reply(const berth::Json& ending, const berth::Json& done);
berth::Json kernel_info(const berth::Json& engine);  // a kernel of somebody else's speaks for itself
// Berth has no debugger to offer: as the debug adapter protocol says so.
berth::Json debug_refusal(const berth::Json& content);

// An event of the worker's, as it is published; null: it is for nobody.
std::optional<Saying> saying_of(const berth::Json& event);

}  // namespace kernel::wire
