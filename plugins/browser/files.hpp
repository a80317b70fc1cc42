// Files of a session's workspace, as the browser takes and gives them. It sees none of them itself. Waits for the host
// and for disks: on the carrier's thread.
#pragma once

#include <berth/fd.hpp>
#include <berth/service/workspace.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace browser {

constexpr std::uint64_t largest_file = 256u << 20;

// "/workspace/output/a.png" and "output/a.png" are "output/a.png". Throws 422 bad_path.
std::string place_of(std::string_view said, const std::vector<std::string>& aliases = {});
// Where the agent's files are: in output/ or deploy/. Throws 422 bad_path.
std::string place_to_write(std::string_view said, const std::vector<std::string>& aliases = {});

// Throws 404 no_file, 413 file_too_large, 422 bad_path.
berth::Fd open_file(const berth::Workspace& workspace, std::string_view said, std::uint64_t most = largest_file);
std::string read_file(const berth::Workspace& workspace, std::string_view said, std::uint64_t most);
std::uint64_t size_of(const berth::Fd& file);

// Old or new, never half; folders are made. It answers the path as the agent sees it. Throws 403, 413, 422, 507.
std::string write_file(const berth::Workspace& workspace, std::string_view said, std::string_view bytes);
// All of `from` under a name that is free in that folder, `name` or like it. Throws as above.
std::string bring_file(const berth::Workspace& workspace, const std::string& folder, const std::string& name, int from);
std::uint64_t most_of_one(const berth::Workspace& workspace);  // bytes that one file of the browser's may take

// What a page calls a file, as a name that does no harm: no folders, nothing hidden, nothing that a terminal obeys.
std::string safe_name(std::string_view suggested);
// "a.txt", 2: "a (2).txt".
std::string numbered(const std::string& name, int number);

}  // namespace browser
