// A plugin's operations as a program: words of a command line become the input that a client would send, the files are
// those of the machine, and the answer is printed: as a report on a terminal, as JSON otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/asked.hpp"
#include "serve/verdict.hpp"

namespace ooxml::serve {

struct ToolOption {
  enum class Form { text, number, flag, json, pairs };  // pairs: NAME=VALUE, as often as one likes
  std::string name;                                     // "--max-errors"
  std::string value;                                    // "N"; of a flag empty
  std::string field;                                    // of the input
  Form form = Form::text;
  std::string help = {};
  bool needed = false;
};

struct ToolCommand {
  std::string name;  // "validate", "comments add"
  std::string summary;
  std::vector<std::string> fields;  // that plain words are, in order
  std::vector<ToolOption> options;
  berth::Json (*run)(const Asked&);
  std::string (*report)(const std::string& file, const berth::Json& answer, bool colours) = nullptr;
  int (*exit)(const berth::Json& answer) = nullptr;
};

struct Tool {
  std::string name, summary;
  std::vector<ToolCommand> commands;
  // What its exit codes say, and the one for a command line that is wrong.
  std::string codes =
      "0 done, and what was validated is valid; 1 the standard or Office objects; 2 a rule calls an\n"
      "error; 3 there is no such file; 4 it cannot be read as what it is said to be; 64 the command line is wrong,\n"
      "or means what the file does not have; 70 anything else.\n";
  int misuse = misused;
};

// Lines and tabs stay, and no other control: for what a file says, on a terminal.
std::string printable_lines(std::string_view text);

// The exit code; all that it prints goes to standard output, and mistakes to standard error.
int run_tool(const Tool& tool, const std::vector<std::string>& words);

// Pure parts of it.
struct Line {
  const ToolCommand* command = nullptr;
  berth::Json input = berth::Json::object();
  bool help = false, json = false, report = false;
  std::string wrong = {};  // what is wrong with it; empty: nothing
};
Line read_line(const Tool& tool, const std::vector<std::string>& words);
int code_for(const Tool& tool, const berth::Error& error);
std::string help_of(const Tool& tool, const ToolCommand* command);

}  // namespace ooxml::serve
