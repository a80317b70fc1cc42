// One operation of a plugin that is asked for, by a client of the host or on a command line: it does not see which.
#pragma once

#include <berth/call.hpp>
#include <berth/fd.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "look.hpp"
#include "package.hpp"

namespace ooxml::serve {

// The client has asked for what there is not, or said what cannot be meant; the files themselves are sound. A program's
// exit code tells the two apart, whatever the status.
class WrongInput : public berth::Error {
 public:
  using Error::Error;
};

// How a new file comes to its place.
struct Place {
  std::string path;
  bool replace = false;   // what is there already; otherwise that is 409
  std::string etag = "";  // only if what is there still has it, otherwise 412; empty: whatever is there
};

// The files that it may work on. All throw berth::Error, such as 404.
class Files {
 public:
  virtual ~Files() = default;
  virtual berth::Fd open(const std::string& path) = 0;
  virtual std::string etag_of(const std::string& path) = 0;
  // In one step: nobody ever reads half of it. What is told of the new file.
  virtual berth::Json put(const Place& place, std::string_view bytes) = 0;
};

struct Asked {
  const berth::Json& input;
  Files& files;
  std::function<void(double done)> progress = {};  // 0 to 1; may be empty
  std::function<bool()> stop = {};                 // may be empty
  const berth::Json* config = nullptr;             // what berth.lua says to the plugin; null: nothing
  // Runs the engine openxml-sdk on a file: its output. Empty: it cannot be run here.
  std::function<std::string(const std::string& program, int file, const std::string& path, Office office)> sdk = {};

  std::string text(const char* field, const char* otherwise = "") const { return input.value(field, otherwise); }
};

// The package in a file; an Error (422) says why it is none: its code is the finding's.
std::unique_ptr<Package> package_of(int file, const PackageLimits& limits = {});
// The same of a field of the input; `file` stays open as long as the package.
struct Opened {
  berth::Fd file;
  std::unique_ptr<Package> package;
};
Opened opened(const Asked& asked, const char* field, Kind kind);

// Where the answer of an operation that changes a file is to go: `to`, or the file itself by `replace`; an Error (400)
// if neither is said.
Place place_for(const Asked& asked);

}  // namespace ooxml::serve
