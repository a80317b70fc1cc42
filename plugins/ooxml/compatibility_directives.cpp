// The attributes of markup compatibility, and alternatives.
#include <algorithm>

#include "compatibility.hpp"
#include "spaces.hpp"
#include "value_text.hpp"
#include "xml_text.hpp"

namespace ooxml {

namespace {

// The next word of a list; empty: there is none.
std::string_view next_word(std::string_view& text) {
  text = trimmed(text);
  std::size_t size = 0;
  while (size < text.size() && !is(text[size], characters::blank)) ++size;
  std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

std::string_view directive(const Start& element, std::string_view local) {
  for (const Attribute& one : element.attributes) {
    if (one.name.space == space_mc && one.local == local) return one.value;
  }
  return {};
}

}  // namespace

void Compatibility::tell(std::string code, std::size_t depth, std::string message, std::string name,
                         Severity severity) {
  m_findings.add({.severity = severity,
                  .layer = Layer::schema,
                  .code = std::move(code),
                  .part = m_part.name,
                  .path = m_position.path(depth),
                  .name = std::move(name),
                  .line = m_position.line(),
                  .message = std::move(message)});
}

void Compatibility::directives(const Start& element) {
  name_ignorable(directive(element, "Ignorable"), element);
  name_processed(directive(element, "ProcessContent"), element);
  must_understand(directive(element, "MustUnderstand"), element);
}

void Compatibility::name_ignorable(std::string_view prefixes, const Start& element) {
  constexpr std::size_t most = 1024;
  bool told = false;
  for (std::string_view prefix; !(prefix = next_word(prefixes)).empty();) {
    Spaces::Bound bound = element.spaces->bound(prefix);
    if (bound.address.data() == nullptr) {
      if (!told) {
        tell("mc-undeclared-prefix", element.depth,
             "mc:Ignorable names the prefix " + std::string(prefix) + ", which is not declared.", "mc:Ignorable",
             Severity::refused);
      }
      told = true;
      continue;
    }
    if (m_ignorable.size() >= most || ignorable(bound.space, bound.address)) continue;
    m_ignorable.push_back(bound.address);
    if (bound.space != Name::unknown) ++m_ignored[bound.space];
  }
}

void Compatibility::name_processed(std::string_view names, const Start& element) {
  for (std::string_view name; !(name = next_word(names)).empty();) {
    std::size_t colon = std::min(name.find(':'), name.size());
    Spaces::Bound bound = element.spaces->bound(name.substr(0, colon));
    if (colon == name.size() || bound.address.data() == nullptr || !ignorable(bound.space, bound.address)) {
      return tell("mc-process-content", element.depth,
                  "mc:ProcessContent names " + std::string(name) + ", whose space mc:Ignorable does not name.",
                  "mc:ProcessContent", Severity::schema);
    }
    m_processed.push_back({bound.address, std::string(name.substr(colon + 1))});
  }
}

void Compatibility::must_understand(std::string_view prefixes, const Start& element) {
  for (std::string_view prefix; !(prefix = next_word(prefixes)).empty();) {
    Spaces::Bound bound = element.spaces->bound(prefix);
    if (bound.address.data() == nullptr) {
      return tell("mc-undeclared-prefix", element.depth,
                  "mc:MustUnderstand names the prefix " + std::string(prefix) + ", which is not declared.",
                  "mc:MustUnderstand", Severity::refused);
    }
    if (understood(bound.space)) continue;
    tell("mc-must-understand", element.depth,
         "Who reads this must understand " + std::string(bound.address) + ", and Office does not.", "mc:MustUnderstand",
         Severity::refused);
  }
}

bool Compatibility::processed(const Start& element) const {
  return std::any_of(m_processed.begin(), m_processed.end(), [&element](const Processed& one) {
    return one.space == element.space && (one.local == "*" || one.local == element.local);
  });
}

void Compatibility::alternatives(const Start& element) {
  open(What::alternatives, element);
  plain_attributes(element, "");
  if (m_validator != nullptr) m_validator->open_alternatives();
}

// A child of mc:AlternateContent.
void Compatibility::alternative(const Start& element) {
  Open& around = m_open.back();
  bool ours = element.name.space == space_mc;
  if (ours && element.local == "Choice" && !around.fallback) return choice(around, element);
  if (ours && element.local == "Fallback" && around.choice && !around.fallback) return fallback(around, element);
  if (!around.broken && (!ignorable(element.name.space, element.space) || understood(element.name.space))) {
    around.broken = true;
    if (around.choice) {
      tell("mc-unexpected-element", element.depth - 1, "mc:AlternateContent holds alternatives and then one fallback.",
           std::string(element.prefix) + ":" + std::string(element.local), Severity::schema);
    } else {
      tell("mc-missing-choice", element.depth - 1, "mc:AlternateContent begins with an mc:Choice.", "mc:Choice",
           Severity::schema);
    }
  }
  skip(element);
}

void Compatibility::choice(Open& around, const Start& element) {
  around.choice = true;
  plain_attributes(element, "Requires");
  bool taken = required(element) && !around.chosen;
  if (!taken) return skip(element);
  around.chosen = true;
  if (m_validator != nullptr) m_validator->open_choice();
  open(What::choice, element);
}

void Compatibility::fallback(Open& around, const Start& element) {
  around.fallback = true;
  plain_attributes(element, "");
  if (!around.chosen) {
    open(What::branch, element);
    return;
  }
  if (m_validator == nullptr) return skip(element);
  m_validator->next_alternative();
  ++m_aside;
  open(What::aside, element);
}

// All that an alternative requires is understood.
bool Compatibility::required(const Start& element) {
  const Attribute* requires_attribute = nullptr;
  for (const Attribute& one : element.attributes) {
    if (one.name.space == space_none && one.local == "Requires") requires_attribute = &one;
  }
  if (requires_attribute == nullptr) {
    tell("mc-missing-requires", element.depth, "An mc:Choice says what it requires.", "Requires", Severity::refused);
    return false;
  }
  std::string_view prefixes = requires_attribute->value;
  bool all = true, any = false;
  for (std::string_view prefix; !(prefix = next_word(prefixes)).empty(); any = true) {
    Spaces::Bound bound = element.spaces->bound(prefix);
    if (bound.address.data() == nullptr) {
      tell("mc-undeclared-prefix", element.depth,
           "Requires names the prefix " + std::string(prefix) + ", which is not declared.", "Requires",
           Severity::refused);
      return false;
    }
    all &= understood(bound.space);
  }
  return all && any;
}

// Without a prefix there is nothing but what is allowed.
void Compatibility::plain_attributes(const Start& element, std::string_view allowed) {
  for (const Attribute& one : element.attributes) {
    if (one.name.space != space_none || one.local == allowed) continue;
    tell("mc-attribute", element.depth, "The attribute " + std::string(one.local) + " has no place there.",
         std::string(one.local), Severity::schema);
  }
}

}  // namespace ooxml
