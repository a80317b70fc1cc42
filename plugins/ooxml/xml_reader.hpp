// The reader of XML from the inside: where it stands, and what is open.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spaces.hpp"
#include "xml.hpp"
#include "xml_input.hpp"
#include "xml_names.hpp"

namespace ooxml {

class XmlReader {
 public:
  XmlReader(Source& source, Handler& handler, const XmlLimits& limits, const Tables& tables);
  void run();

 private:
  struct Open {
    Start start;
    const WrittenName* written = nullptr;
    std::size_t mark = 0;  // of the namespaces before it
  };
  // An attribute as the tag has it, before it is known what its prefix stands for.
  struct Found {
    WrittenName* name = nullptr;
    std::string_view value;
    std::size_t copied = std::string::npos;  // where its value begins in m_copies, if it is not as it is written
  };

  [[noreturn]] void fail(const char* code, const std::string& message);
  [[noreturn]] void unfinished();
  bool have(std::size_t count);
  void tell(const char* first, const char* last);
  bool text();
  bool odd_text();
  void reference();
  void markup();
  void end_tag();
  void close();

  void start_tag();
  bool scan_tag(const char*& at, bool& empty);
  bool scan_attribute(const char*& at);
  bool scan_value(const char*& at, Found& found);
  bool scan_odd(const char*& at, std::string& copy);
  WrittenName* name_at(const char* first, const char* last);
  void declare();
  void declare_one(const Found& found);
  void resolve(Open& open);
  void check_unique();

  void declaration();
  void instruction();
  void comment();
  void cdata();

  XmlInput m_input;
  Handler& m_handler;
  const XmlLimits m_limits;
  Spaces m_spaces;
  WrittenNames m_names;
  const char* m_at = nullptr;
  std::vector<Open> m_open;
  bool m_rooted = false;
  std::uint64_t m_tags = 0;
  WrittenName* m_tag = nullptr;
  std::vector<Found> m_found;
  bool m_declares = false;
  std::size_t m_prefixed = 0;  // attributes with a prefix
  std::vector<Attribute> m_attributes;
  std::string m_copies, m_scratch;
};

}  // namespace ooxml
