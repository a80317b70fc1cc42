// All plugins of one host: which were found, which were loaded, and why the others were not.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "loader/plugin.hpp"

namespace berth::loader {

struct Wish {  // what the configuration says of one plugin
  bool enabled = true;
  std::string file;  // a .so outside of the folders; may be empty
  nlohmann::json config = nlohmann::json::object();
  std::string where;
};

class Registry {
 public:
  enum class State { ready, failed, disabled };
  struct Entry {
    std::string name, file;
    State state = State::ready;
    std::string reason;                // of failed
    std::optional<Manifest> manifest;  // if it could be read
    std::shared_ptr<Plugin> plugin;    // if ready
  };

  explicit Registry(Surroundings around) : m_around(around) {}

  // Loads what is found and wished. One that fails is noted and logged; the others do not suffer.
  void load(const std::vector<std::string>& folders, const std::map<std::string, Wish>& wishes, bool only_wished);
  const std::vector<Entry>& entries() const { return m_entries; }
  std::vector<std::shared_ptr<Provider>> providers() const;
  void fail(const std::string& name, std::string reason);  // its operations cannot be had after all

 private:
  Entry bring_up(const Found& found, const Wish& wish);

  const Surroundings m_around;
  std::vector<Entry> m_entries;
};

std::string_view name_of(Registry::State state);

}  // namespace berth::loader
