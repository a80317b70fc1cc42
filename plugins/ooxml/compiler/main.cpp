// ooxml-grammar: ooxml-grammar TABLES.cpp NAMES.hpp FILE.grammar… — what the build compiles of the grammar. With
// `--check FILE…` it writes nothing.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "compiled.hpp"

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

// Only what has changed is written: what depends on it is not compiled again for nothing.
void write(const std::string& path, const std::string& text) {
  std::ifstream before(path, std::ios::binary);
  if (before && std::string(std::istreambuf_iterator<char>(before), {}) == text) return;
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error(path + " cannot be written");
}

int run(std::vector<std::string> arguments) {
  bool check = !arguments.empty() && arguments[0] == "--check";
  if (arguments.size() < 2) throw std::runtime_error("ooxml-grammar TABLES.cpp NAMES.hpp FILE… | --check FILE…");
  ooxml::compiler::Model model;
  ooxml::compiler::Problems problems;
  std::vector<std::string> files(arguments.begin() + (check ? 1 : 2), arguments.end());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) ooxml::compiler::parse(file, read(file), model, problems);
  ooxml::compiler::Compiled compiled = ooxml::compiler::compile(model, problems);
  bool wrong = false;
  for (const auto& [place, text, error] : problems) {
    std::cerr << place.file << ":" << place.line << (error ? ": error: " : ": warning: ") << text << "\n";
    wrong |= error;
  }
  if (wrong) return 1;
  if (check) {
    std::cout << compiled.types.size() << " types, " << compiled.elements.size() << " elements, "
              << compiled.attributes.size() << " attributes, " << compiled.values.size() << " values, "
              << compiled.steps.size() << " steps\n";
    return 0;
  }
  write(arguments[0], ooxml::compiler::tables_source(compiled));
  write(arguments[1], ooxml::compiler::names_header(compiled));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    std::cerr << "ooxml-grammar: " << error.what() << "\n";
    return 2;
  }
}
