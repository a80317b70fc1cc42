// The command line, its help, and what comes of it.
#include "serve/tool.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "serve/local.hpp"
#include "serve/verdict.hpp"

namespace ooxml::serve {

using berth::Error;
using berth::Json;
using Form = ToolOption::Form;

namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

// The command that the first one or two words name, and how many they are.
std::size_t find_command(const Tool& tool, const std::vector<std::string>& words, const ToolCommand*& found) {
  for (const auto& command : tool.commands) {
    const auto blank = command.name.find(' ');
    if (blank == std::string::npos && command.name == words[0]) return found = &command, 1;
    if (blank != std::string::npos && words.size() > 1 && command.name == words[0] + " " + words[1])
      return found = &command, 2;
  }
  return 0;
}

std::string set_number(Json& input, const ToolOption& option, const std::string& value) {
  if (value.empty() || value.size() > 9 || value.find_first_not_of("0123456789") != std::string::npos)
    return option.name + " wants a number";
  input[option.field] = std::stoi(value);
  return {};
}

// What is wrong with it, or nothing.
std::string set(Json& input, const ToolOption& option, const std::string& value) {
  if (option.form == Form::flag) return input[option.field] = true, std::string();
  if (option.form == Form::text) return input[option.field] = value, std::string();
  if (option.form == Form::number) return set_number(input, option, value);
  if (option.form == Form::pairs) {
    const auto equals = value.find('=');
    if (equals == std::string::npos) return option.name + " wants NAME=VALUE";
    input[option.field][value.substr(0, equals)] = value.substr(equals + 1);
    return {};
  }
  Json given = Json::parse(value, nullptr, false);
  if (given.is_discarded()) return option.name + " wants JSON";
  input[option.field] = std::move(given);
  return {};
}

const ToolOption* option_of(const ToolCommand& command, const std::string& name) {
  for (const auto& option : command.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

class Reader {
 public:
  Reader(Line& line, const std::vector<std::string>& words, std::size_t at) : m_line(line), m_words(words), m_at(at) {}

  void read() {
    for (; m_at < m_words.size() && m_line.wrong.empty(); ++m_at) {
      const std::string& word = m_words[m_at];
      if (m_plain || word.size() < 2 || word[0] != '-')
        plain(word);
      else if (word == "--")
        m_plain = true;
      else
        option(word);
    }
    const auto& fields = m_line.command->fields;
    if (m_line.wrong.empty() && !m_line.help && m_next < fields.size())
      m_line.wrong = m_line.command->name + " wants " + upper(fields[m_next]);
    for (const auto& option : m_line.command->options) {
      if (option.needed && m_line.wrong.empty() && !m_line.help && !m_line.input.contains(option.field))
        m_line.wrong = m_line.command->name + " wants " + option.name;
    }
  }

 private:
  void plain(const std::string& word) {
    const auto& fields = m_line.command->fields;
    if (m_next >= fields.size()) return void(m_line.wrong = "one word too many: " + word);
    m_line.input[fields[m_next++]] = word;
  }
  void option(const std::string& word) {
    if (word == "--help" || word == "-h") return void(m_line.help = true);
    if (word == "--json") return void(m_line.json = true);
    if (word == "--report") return void(m_line.report = true);
    const auto equals = word.find('=');
    const ToolOption* one = option_of(*m_line.command, word.substr(0, equals));
    if (!one) return void(m_line.wrong = "unknown option " + word);
    if (one->form == Form::flag) {
      m_line.wrong = equals == std::string::npos ? set(m_line.input, *one, {}) : one->name + " takes no value";
    } else if (equals != std::string::npos) {
      m_line.wrong = set(m_line.input, *one, word.substr(equals + 1));
    } else if (m_at + 1 < m_words.size()) {
      m_line.wrong = set(m_line.input, *one, m_words[++m_at]);
    } else {
      m_line.wrong = one->name + " wants " + one->value;
    }
  }

  Line& m_line;
  const std::vector<std::string>& m_words;
  std::size_t m_at, m_next = 0;
  bool m_plain = false;
};

int complain(const Tool& tool, const std::string& what, const std::string& hint, int code) {
  std::fprintf(stderr, "%s: %s\n", tool.name.c_str(), printable(what).c_str());
  if (!hint.empty()) std::fprintf(stderr, "  %s\n", printable(hint).c_str());
  return code;
}

int print(const Tool& tool, const std::string& text, int code) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return code;
  return complain(tool, "standard output cannot be written", {}, broken);
}

int do_it(const Tool& tool, const Line& line) {
  Local files;
  const Json answer = line.command->run(Asked{line.input, files});
  const int code = line.command->exit ? line.command->exit(answer) : passed;
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  if (line.command->report && !line.json && (line.report || terminal))
    return print(tool, line.command->report(line.input.value("path", std::string()), answer, terminal), code);
  const std::string text = answer.dump(terminal ? 2 : -1, ' ', false, Json::error_handler_t::replace) + "\n";
  return print(tool, terminal ? printable_lines(text) : text, code);
}

}  // namespace

int code_for(const Tool& tool, const Error& error) {
  if (error.status() == 400 || dynamic_cast<const WrongInput*>(&error)) return tool.misuse;
  if (error.status() == 404) return not_found;
  return error.status() == 422 ? not_parsed : broken;
}

std::string printable_lines(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\n\t"), text.size());
    all += printable(text.substr(0, end));
    all += text.substr(end, 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

Line read_line(const Tool& tool, const std::vector<std::string>& words) {
  Line line;
  if (words.empty()) return line.wrong = "what is to be done?", line;
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") return line.help = true, line;
  const std::size_t named = find_command(tool, words, line.command);
  if (named == 0) return line.wrong = "unknown command " + words[0], line;
  Reader(line, words, named).read();
  return line;
}

std::string help_of(const Tool& tool, const ToolCommand* command) {
  std::string text;
  if (!command) {
    text = tool.name + ": " + tool.summary + "\n\nUsage: berth " + tool.name + " COMMAND FILE [options]\n\n";
    for (const auto& one : tool.commands) text += "  " + padded(one.name, 20) + one.summary + "\n";
    text += "\nberth " + tool.name + " COMMAND --help says more.\n";
  } else {
    text = command->summary + "\n\nUsage: berth " + tool.name + " " + command->name;
    for (const auto& field : command->fields) text += " " + upper(field == "path" ? "file" : field);
    text += " [options]\n\n";
    for (const auto& one : command->options)
      text += "  " + padded(one.name + (one.value.empty() ? "" : " " + one.value), 26) + one.help + "\n";
    text += "  " + padded("--json", 26) + "the answer as JSON, on a terminal, too\n";
    if (command->report) text += "  " + padded("--report", 26) + "the report for people, into a pipe, too\n";
  }
  return text + "\nExit codes: " + tool.codes;
}

int run_tool(const Tool& tool, const std::vector<std::string>& words) {
  try {
    const Line line = read_line(tool, words);
    if (line.help) return print(tool, help_of(tool, line.command), passed);
    if (!line.wrong.empty()) {
      const std::string see = "see: berth " + tool.name + (line.command ? " " + line.command->name : "") + " --help";
      return complain(tool, line.wrong, see, tool.misuse);
    }
    return do_it(tool, line);
  } catch (const Error& error) {
    return complain(tool, error.message(), error.hint(), code_for(tool, error));
  } catch (const std::exception& error) {
    return complain(tool, error.what(), {}, broken);
  }
}

}  // namespace ooxml::serve
