// The file name that a client gives its upload. Only ever a name: folders before it are cut off.
#pragma once

#include <string>
#include <string_view>

#include "loader/manifest.hpp"

namespace berth::edge {

std::string upload_name(std::string_view content_disposition);  // filename* before filename; empty if there is none
// Takes ?name= out of the query, unless the operation has a field of that name itself.
std::string take_name(const loader::Operation& operation, std::string& query);
// "filename d29ybGQ=,filetype …" of tus.
std::string tus_metadata(std::string_view field, std::string_view key);

}  // namespace berth::edge
