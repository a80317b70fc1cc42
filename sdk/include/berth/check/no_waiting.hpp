// Where a plugin must not wait: on the thread that serves everybody, and in create(). What a stand-in lends then says
// so instead of waiting, as a host does.
#ifndef BERTH_CHECK_NO_WAITING_HPP
#define BERTH_CHECK_NO_WAITING_HPP

namespace berth::check {

// As long as one lives, its thread is such a place.
class NoWaiting {
 public:
  NoWaiting() { ++depth(); }
  ~NoWaiting() { --depth(); }
  NoWaiting(const NoWaiting&) = delete;
  static bool here() { return depth() > 0; }

 private:
  static int& depth() {
    thread_local int depth = 0;
    return depth;
  }
};

}  // namespace berth::check

#endif
