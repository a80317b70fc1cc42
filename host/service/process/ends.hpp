// The pipes, or the terminal, between a process and us.
#pragma once

#include "service/process/child.hpp"

namespace berth::service {

struct Child::Ends {
  UniqueFd in, out, errors;
  bool terminal = false;

  // Makes them, and puts the other ends into the plan's order. An errno, or 0.
  int make(Plan& plan);
  void replace(UniqueFd other);  // the terminal, by another of its size

 private:
  int make_terminal(Plan& plan);
  int make_pipes(Plan& plan);
};

}  // namespace berth::service
