// How answers tell of what lies on the disk.
#pragma once

#include <berth/call.hpp>
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "place.hpp"

namespace workspace {

// "file", "folder", "link", "pipe", "socket", "device"
std::string kind_word(mode_t mode);
// Changes whenever the content may have: made of the file's number, its size and its times.
std::string etag_of(const struct stat& found);
std::string time_text(const struct timespec& time);  // "2026-01-31T12:00:00.250Z"
// {name, kind, size, modified}; size of files only
berth::Json entry_of(std::string_view name, const struct stat& found);
// {path, size, modified, etag}: a file that was read or written
berth::Json file_facts(const Place& place, const struct stat& found);
// Throws an Error (412), unless what is there is what the caller has seen. "" expects nothing; null: nothing is there.
void demand_etag(const std::string& expected, const struct stat* found, const Place& place);

}  // namespace workspace
