// The words of python/README.md, and those of Jupyter's kernels: what a worker is asked, and what a kernel says. The
// kernel is a stranger: each field is looked at before it is used.
#pragma once

#include <berth/call.hpp>

#include <optional>
#include <string>

#include "sequence.hpp"
#include "wire/message.hpp"

namespace kernel::foreign {

// What a kernel is asked for it; nothing: Jupyter's kernels cannot be asked that.
std::optional<wire::Saying> request_of(const berth::Json& frame);
// Whether it may put something out, so that its end is told by iopub as well.
bool puts_out(const std::string& request);
// Whether a kernel replies to it; otherwise only iopub tells that it is done.
bool has_reply(const std::string& request);

// The fields of `done`, of a reply's content; but its `id`.
berth::Json done_of(const std::string& request, const berth::Json& content);
berth::Json failure(const std::string& name, const std::string& value);

// What is published, as a worker tells it. `id` is that of the request, if it came of that one. Nothing: it is for
// nobody.
std::optional<Told> told_of(const wire::Message& message, const berth::Json& id);
bool is_idle(const wire::Message& message);

// What is said of an engine, of a kernel_info_reply.
berth::Json about(const std::string& name, const berth::Json& content);
// Without colours.
std::string plain(const std::string& text);

}  // namespace kernel::foreign
