// What there is to offer: the host's operations as tools, prompts and resources, each read off its own declaration.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "familiar.hpp"
#include "message.hpp"
#include "sources.hpp"

namespace mcp {

enum class Scope { read, run, admin };
Scope scope_of(std::string_view name);

struct Offer {  // one operation
  enum class As { tool, prompt, resource, template_ };
  std::string operation, plugin, kind;
  As as = As::tool;
  std::string name;  // of a tool or a prompt; of a resource, its URI or the template of it
  Scope scope = Scope::admin;
  std::vector<std::string> denied;  // tokens, by name
  Json input, output;
  bool read_only = false;
  bool as_task = false;                // at once, for clients that know tasks
  bool own_content = false;            // its answer has a list `content` of MCP's own
  bool own_events = false;             // its events `progress`, `log`, `ask`, `pause`, `result` are meant for MCP
  const Familiar* familiar = nullptr;  // it is one of these, in its group alone
  const Source* source = nullptr;      // it is one of these
  Json shown;                          // as a list shows it
  std::string text, less;              // the same; and without its output schema
};

// Who looks.
struct Viewer {
  std::string caller;
  Scope scope = Scope::read;
};
bool may_see(const Offer& offer, const Viewer& viewer);

class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(const Json& operations);  // as GET /operations lists them

  const std::vector<Offer>& offers() const { return m_offers; }
  // Null: there is none, or not for this viewer.
  const Offer* find(Offer::As as, const std::string& name, const Viewer& viewer) const;
  const Offer* find_familiar(const std::string& group, const std::string& name, const Viewer& viewer) const;
  const Offer* operation(const std::string& name) const;  // by its own name; null: there is none
  // The resource that a URI leads to, and what its template's fields are in it.
  std::optional<std::pair<const Offer*, Json>> resource(const std::string& uri, const Viewer& viewer) const;
  bool same(Offer::As as, const Catalogue& other) const;  // whether their lists are

 private:
  void add(Offer offer);
  using Places = std::map<std::string, std::size_t>;  // of operations
  void add_familiar();
  void add_sources();

  std::vector<Offer> m_offers;  // in the host's order, those of other servers behind
  Places m_places;
  std::map<std::pair<int, std::string>, std::size_t> m_by_name;
};

// "test://template/{id}/data" and "test://template/123/data" → {"id": "123"}; a last {name...} takes what is left.
std::optional<Json> fit(std::string_view pattern, std::string_view uri);

}  // namespace mcp
