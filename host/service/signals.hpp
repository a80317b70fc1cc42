// The host's own threads leave signals to the main thread: one made while this lives is born with all of them blocked.
// A reader that went away or a file at its limit is then an error of write(), not the end of the process.
#pragma once

#include <pthread.h>

#include <csignal>

namespace berth::service {

class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &m_before);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;

 private:
  sigset_t m_before{};
};

}  // namespace berth::service
