// The judgement of a document: the standard's layers and the rules, in one look.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/rule.hpp"
#include "serve/asked.hpp"
#include "serve/verdict.hpp"

namespace docx {

// Rules of somebody else's, that read along with ours.
class MoreRules {
 public:
  virtual ~MoreRules() = default;
  virtual void add_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) = 0;
  virtual void finish(Scene& scene) = 0;
  virtual bool has(std::string_view rule) const = 0;
};

struct ValidateOptions {
  ooxml::Office office = ooxml::Office::o2019;
  std::map<std::string, Level> levels{};
  std::size_t most = 100;  // findings and rulings that are kept, each
  std::vector<std::shared_ptr<MoreRules>> more{};
};

ooxml::serve::Verdict validate(int file, const ValidateOptions& options, const ooxml::serve::Asked& asked);

// Of an operation's input and berth.lua's words; an Error (422) names what is unknown.
ValidateOptions validate_options(const ooxml::serve::Asked& asked);

}  // namespace docx
