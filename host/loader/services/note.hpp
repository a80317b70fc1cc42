// What a plugin's services say to the host and hear from it: one small message, the same in the host's process and over
// the link of a plugin's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/unique_fd.hpp"

namespace berth::loader {

enum class Verb : std::uint8_t {
  // plugin → host; `number` is the plugin's own name for a subscription, a job, a call, a question
  publish = 1,  // topic, session; the data
  subscribe,    // topics, after
  unsubscribe,
  heard,       // so many events of a subscription
  measure,     // what has changed of its series
  job_begin,   // for the call that comes with it
  job_report,  // percent, text
  job_done,    // the result
  job_failed,  // an error
  call_start,  // operation, session, call, job, flags; the input; perhaps for the call that comes with it
  call_taken,  // so many bytes of its chunks
  call_cancel,
  process_file,    // a descriptor of a program that is to come
  process_start,   // in which jail, and how (data)
  process_signal,  // to its group
  process_drop,    // nobody wants to hear of it any more: it ends
  workspace_ask,   // session
  process_look,    // at its jail's limits

  // host → plugin
  event = 64,  // id, topic, session; the data
  job_cancel,
  call_answer,  // as berth_ears
  call_fail,
  call_begin,
  call_file,
  call_chunk,
  call_finish,
  process_started,    // its number, as the machine knows it
  process_failed,     // an error: it could not be
  process_ended,      // how
  workspace_given,    // user, quota, aliases; the folder
  workspace_refused,  // an error
  process_hits        // how often its jail has run into which limits
};

struct Note {
  Verb verb = Verb::publish;
  std::uint64_t number = 0;
  std::string fields = {};  // packed
  std::string data = {};
  service::UniqueFd fd = {};
};

}  // namespace berth::loader
