// The look at a whole package: each part is read once; the grammar checks it, and the rules of its domain (Word's,
// Excel's) read along.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "finding.hpp"
#include "package.hpp"
#include "xml.hpp"

namespace ooxml {

enum class Office : std::uint16_t {
  o2007 = 2007,
  o2010 = 2010,
  o2013 = 2013,
  o2016 = 2016,
  o2019 = 2019,
  o2021 = 2021,
  o365 = 3650
};

// Where the reader stands; kept by the look, for everybody who reads along.
class Position {
 public:
  virtual ~Position() = default;
  // "/w:document[1]/w:body[1]/w:p[3]": the element that is open, with the prefixes that the file has for its spaces
  // (the usual ones where it has none), counted among its brothers of the same name. Costs something: ask when there is
  // something to tell.
  virtual std::string path() const = 0;
  // The same of what is open around it, by its `Start::depth`.
  virtual std::string path(std::size_t) const { return path(); }
  virtual std::size_t line() const = 0;
};

// A part while it is read.
struct Reading {
  const Package& package;
  const Part& part;
  const Position& position;
  Findings& findings;
  Office office;

  // A finding of layer `semantic` at the element that is open.
  void find(Severity severity, std::string code, std::string message, std::string name = "", std::string expected = "",
            std::string remedy = "") const;
};

// The rules of one kind of files, for one look. Its handlers get each part as it is after markup compatibility: what
// Office would ignore is not there, of alternatives there is the one that counts.
class Domain {
 public:
  virtual ~Domain() = default;
  // The parts whose facts others need, first (styles before the document); what is not named is read after them.
  virtual std::vector<const Part*> first(const Package& package) = 0;
  // Reads one part along; null: nothing to look at in it.
  virtual std::unique_ptr<Handler> reader(const Reading& reading) = 0;
  // All parts have been read.
  virtual void finish(const Package& package, Findings& findings) = 0;
};

struct LookOptions {
  Office office = Office::o2019;
  bool grammar = true;
  std::function<void(double done)> progress;  // 0 to 1, of bytes; may be empty
  std::function<bool()> stop;                 // true: leave off; may be empty
};

// False: it was stopped. What is spoiled or malformed becomes a finding, and the look goes on with the next part.
bool look(const Package& package, Domain* domain, const LookOptions& options, Findings& findings);

}  // namespace ooxml
