// What machine this is: its system, its name, since when it runs, and what it may run in.
#pragma once

#include <berth/schema.hpp>

#include <map>
#include <string>
#include <string_view>

#include "tree.hpp"

namespace machine {

// NAME="a \"b\"" and NAME=b of /etc/os-release.
std::map<std::string, std::string> os_release_of(std::string_view text);

// "docker", "podman", … or empty. A hint: a container can hide what it is.
std::string container_of(const Trees& trees);
// "kvm", "vmware", …, "unknown" for a virtual machine that does not say which, or empty.
std::string virtualization_of(const Trees& trees);

berth::Json tell_information(const Trees& trees);

}  // namespace machine
