// The thread of the operation does the job's work, too.
#include "serve/job.hpp"

#include <atomic>
#include <exception>
#include <map>
#include <memory>
#include <utility>

#include "serve/desk.hpp"

namespace ooxml::serve {

using berth::Error;
using berth::Json;

namespace {

// Files that were opened before.
class Kept : public Files {
 public:
  void keep(const std::string& path, berth::Fd file) { m_files.insert_or_assign(path, std::move(file)); }
  berth::Fd open(const std::string& path) override {
    const auto at = m_files.find(path);
    if (at == m_files.end() || !at->second) throw Error(404, "no_file", path + ": there is no such file");
    return std::move(at->second);
  }
  std::string etag_of(const std::string&) override { return {}; }
  Json put(const Place& place, std::string_view) override {
    throw Error(422, "job_writes", place.path + " cannot be written by a job", "leave `job` out");
  }

 private:
  std::map<std::string, berth::Fd> m_files;
};

// What jobs of this process tell is bounded: a hundred steps.
std::function<void(double)> progress_of(const berth::Job& job) {
  return [job, last = std::make_shared<int>(-1)](double done) {
    const int percent = static_cast<int>(done * 100);
    if (percent > *last) job.report(*last = percent, "reading");
  };
}

}  // namespace

void run_or_job(berth::Calls& calls, berth::Jobs& jobs, const berth::Call& call, Json (*operation)(const Asked&),
                const With& with) {
  Desk desk(calls, call);
  if (!call.input().value("job", false)) {
    call.send(operation({call.input(), desk, {}, [call] { return call.cancelled(); }, with.config, with.sdk}));
    return;
  }
  Kept kept;
  for (const char* field : {"path", "other", "lua"}) {
    if (call.input().contains(field)) kept.keep(call.input()[field], desk.open(call.input()[field]));
  }
  const auto stopped = std::make_shared<std::atomic<bool>>(false);
  const Json input = call.input();
  const auto job = jobs.begin(call, [stopped] { *stopped = true; });
  try {
    job.done(operation({input, kept, progress_of(job), [stopped] { return stopped->load(); }, with.config, with.sdk}));
  } catch (const Error& error) {
    job.failed(error);
  } catch (const std::exception& error) {
    job.failed(Error(500, "plugin_error", error.what()));
  }
}

}  // namespace ooxml::serve
