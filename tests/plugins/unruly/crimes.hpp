// The crimes of `unruly`: one operation each, and what its manifest says of it.
#pragma once

#include <berth/abi.h>

#include <string>
#include <vector>

namespace unruly {

struct Crime {
  const char* name;
  const char* kind;
  const char* words;  // further members of its manifest
  void (*commit)(const berth_host*, const berth_request&);
  void (*hear)(const berth_host*, berth_call, berth_text message) = nullptr;  // of a socket that it keeps open
};

extern const std::vector<Crime> crimes;

berth_text text(const char* from);
void send(const berth_host* host, berth_call call, const char* json);
void fail(const berth_host* host, berth_call call, int status, const char* code);
berth_flow chunk(const berth_host* host, berth_call call, const char* bytes);

}  // namespace unruly
