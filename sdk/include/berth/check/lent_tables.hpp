// The C tables of what a stand-in lends, and the same once more for the layer above it, whose own berth_host is
// another.
#ifndef BERTH_CHECK_LENT_TABLES_HPP
#define BERTH_CHECK_LENT_TABLES_HPP

#include <berth/service/files.h>
#include <berth/service/http.h>
#include <berth/service/process.h>
#include <berth/service/timers.h>
#include <berth/service/workspace.h>

#include <cstdint>
#include <string_view>

namespace berth::check {

// Over a host that has timers(), files(), http(), programs() and workspace().
template <class Host>
struct LentTables {
  static const void* find(std::string_view id) {
    static constexpr berth_timers timers{sizeof(berth_timers), &after, &every, &cancel};
    static constexpr berth_files files{sizeof(berth_files), &read, &write, &append, &remove, &list, &open, &path};
    static constexpr berth_workspace workspace{sizeof(berth_workspace), &open_workspace};
    static constexpr berth_http http{sizeof(berth_http), &http_start, &http_resume, &http_cancel, &http_wait};
    static constexpr berth_process process{sizeof(berth_process), &spawn,  &feed,   &close_input,
                                           &process_resume,       &resize, &signal, &stop,
                                           &process_wait,         &look};
    if (id == BERTH_TIMERS) return &timers;
    if (id == BERTH_WORKSPACE) return &workspace;
    if (id == BERTH_HTTP) return &http;
    if (id == BERTH_PROCESS) return &process;
    return id == BERTH_FILES ? &files : nullptr;
  }

 private:
  using To = const berth_host*;
  static std::uint64_t http_start(To host, const berth_http_request* request, const berth_http_ears* ears) {
    return Host::of(host).http().start(request, ears);
  }
  static void http_resume(To host, std::uint64_t exchange) { Host::of(host).http().errands().resume(exchange); }
  static void http_cancel(To host, std::uint64_t exchange) { Host::of(host).http().errands().cancel(exchange); }
  static int http_wait(To host, std::uint64_t exchange) { return Host::of(host).http().errands().wait(exchange); }
  static std::uint64_t spawn(To host, const berth_process_plan* plan, const berth_process_ears* ears) {
    return Host::of(host).programs().spawn(plan, ears);
  }
  static berth_flow feed(To host, std::uint64_t process, berth_text bytes) {
    return Host::of(host).programs().write(process, bytes);
  }
  static void close_input(To host, std::uint64_t process) { Host::of(host).programs().close_input(process); }
  static void process_resume(To host, std::uint64_t process, std::uint32_t) {
    Host::of(host).programs().errands().resume(process);
  }
  static void resize(To, std::uint64_t, std::uint16_t, std::uint16_t) {}
  static void signal(To host, std::uint64_t process, std::int32_t number) {
    Host::of(host).programs().signal(process, number);
  }
  static void stop(To host, std::uint64_t process, std::int32_t number, std::uint64_t) {
    Host::of(host).programs().signal(process, number);
  }
  static int process_wait(To host, std::uint64_t process) { return Host::of(host).programs().errands().wait(process); }
  static void look(To host, std::uint64_t process) { Host::of(host).programs().look(process); }
  using Answer = const berth_files_answer*;
  static std::uint64_t after(To host, std::uint64_t ms, const berth_tick* tick) {
    return Host::of(host).timers().add(ms, 0, *tick);
  }
  static std::uint64_t every(To host, std::uint64_t ms, const berth_tick* tick) {
    return Host::of(host).timers().add(ms ? ms : 1, ms ? ms : 1, *tick);
  }
  static int cancel(To host, std::uint64_t timer) { return Host::of(host).timers().cancel(timer) ? 1 : 0; }
  static int read(To host, berth_text name, std::uint64_t at_most, Answer answer) {
    return Host::of(host).files().read(name, at_most, answer);
  }
  static int write(To host, berth_text name, berth_text content, int, Answer answer) {
    return Host::of(host).files().write(name, content, false, answer);
  }
  static int append(To host, berth_text name, berth_text content, int, Answer answer) {
    return Host::of(host).files().write(name, content, true, answer);
  }
  static int remove(To host, berth_text name, Answer answer) { return Host::of(host).files().remove(name, answer); }
  static int list(To host, berth_text folder, Answer answer) { return Host::of(host).files().list(folder, answer); }
  static int open(To host, berth_text name, Answer answer) { return Host::of(host).files().open(name, answer); }
  static int open_workspace(To host, berth_text session, const berth_workspace_answer* answer) {
    return Host::of(host).workspace().open(session, answer);
  }
  static berth_text path(To host) {
    const auto& path = Host::of(host).files().path();
    return {path.data(), path.size()};
  }
};

// Over a layer `Outer::inner_of(host)`: the same function of the host below, which is told of itself.
template <class Outer>
struct PassedOn {
  static const void* find(std::string_view id, const void* below) {
    static constexpr berth_timers timers{sizeof(berth_timers), &pass<&berth_timers::after>, &pass<&berth_timers::every>,
                                         &pass<&berth_timers::cancel>};
    static constexpr berth_files files{
        sizeof(berth_files),         &pass<&berth_files::read>, &pass<&berth_files::write>, &pass<&berth_files::append>,
        &pass<&berth_files::remove>, &pass<&berth_files::list>, &pass<&berth_files::open>,  &pass<&berth_files::path>};
    static constexpr berth_workspace workspace{sizeof(berth_workspace), &pass<&berth_workspace::open>};
    static constexpr berth_http http{sizeof(berth_http), &pass<&berth_http::start>, &pass<&berth_http::resume>,
                                     &pass<&berth_http::cancel>, &pass<&berth_http::wait>};
    static constexpr berth_process process{sizeof(berth_process),         &pass<&berth_process::spawn>,
                                           &pass<&berth_process::write>,  &pass<&berth_process::close_input>,
                                           &pass<&berth_process::resume>, &pass<&berth_process::resize>,
                                           &pass<&berth_process::signal>, &pass<&berth_process::stop>,
                                           &pass<&berth_process::wait>,   &pass<&berth_process::look>};
    if (!below) return nullptr;
    if (id == BERTH_TIMERS) return &timers;
    if (id == BERTH_WORKSPACE) return &workspace;
    if (id == BERTH_HTTP) return &http;
    if (id == BERTH_PROCESS) return &process;
    return id == BERTH_FILES ? &files : below;
  }

 private:
  static berth_text id_of(const berth_timers*) { return {BERTH_TIMERS, sizeof(BERTH_TIMERS) - 1}; }
  static berth_text id_of(const berth_workspace*) { return {BERTH_WORKSPACE, sizeof(BERTH_WORKSPACE) - 1}; }
  static berth_text id_of(const berth_files*) { return {BERTH_FILES, sizeof(BERTH_FILES) - 1}; }
  static berth_text id_of(const berth_http*) { return {BERTH_HTTP, sizeof(BERTH_HTTP) - 1}; }
  static berth_text id_of(const berth_process*) { return {BERTH_PROCESS, sizeof(BERTH_PROCESS) - 1}; }

  template <auto Function, class... More>
  static auto pass(const berth_host* host, More... more) {
    return call(Function, Outer::inner_of(host), more...);
  }
  template <class Table, class Function, class... More>
  static auto call(Function Table::*function, const berth_host* inner, More... more) {
    const auto* table = static_cast<const Table*>(inner->service(inner, id_of(static_cast<const Table*>(nullptr))));
    return (table->*function)(inner, more...);
  }
};

}  // namespace berth::check

#endif
