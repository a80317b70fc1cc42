// Which files the journal has, and which of them are broken in a way that libsystemd keeps to itself.
#pragma once

#include <string>
#include <vector>

namespace machine {

// Of these folders and of those in them; none: there is no journal here.
std::vector<std::string> journal_files(const std::vector<std::string>& folders);
// Tells how many were left out.
std::size_t keep_newest(std::vector<std::string>& files, std::size_t most);

// Can all entries of a file be reached that it says it has? True, too, of what is none: to say so is the reader's.
bool has_its_entries(const std::string& file);

}  // namespace machine
