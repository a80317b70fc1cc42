// The files of the machine, by their paths: for programs on a command line.
#pragma once

#include "serve/asked.hpp"

namespace ooxml::serve {

class Local : public Files {
 public:
  berth::Fd open(const std::string& path) override;
  std::string etag_of(const std::string& path) override;
  berth::Json put(const Place& place, std::string_view bytes) override;
};

}  // namespace ooxml::serve
