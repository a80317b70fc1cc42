// One operation out of a manifest.
#pragma once

#include <string>

#include "loader/field_reader.hpp"
#include "loader/manifest.hpp"

namespace berth::loader {

// What is wrong with it goes to the reader.
Operation read_operation(const FieldReader& from, const std::string& plugin);
// A schema of the manifest: null if it lacks. One `of_object` has type "object", and, unless it says otherwise, takes
// no fields but those it names: a misspelt field must not pass in silence.
nlohmann::json read_schema_field(const FieldReader& from, const char* field, bool of_object);
// "GET /clock/{}" for GET /clock/{zone}, one for each of its methods: two operations of one shape cannot be told apart.
std::vector<std::string> shapes_of(const Operation& operation);

}  // namespace berth::loader
