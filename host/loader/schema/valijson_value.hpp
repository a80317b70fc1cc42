// Values as valijson looks at them: without the copies of its own adapter, with the value itself at hand for our own
// keywords, and counting the steps of a check, so that one that would take too long can be ended. For schema.cpp and
// nobody else.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>

namespace berth::loader::look {

struct TooManySteps : std::exception {};  // leaves valijson from the middle of a check

struct Watch {
  std::uint64_t steps = 0, most = 0;
  void step() {
    if (++steps > most) throw TooManySteps();
  }
};

class Adapter;
class Items;    // iterates over the items of an array
class Members;  // iterates over the members of an object
using Member = std::pair<std::string, Adapter>;

class Array {
 public:
  using const_iterator = Items;
  using iterator = Items;
  Array() = default;
  Array(const nlohmann::json& json, Watch* watch) : m_json(&json), m_watch(watch) {}
  Items begin() const;
  Items end() const;
  std::size_t size() const { return m_json->size(); }

 private:
  const nlohmann::json* m_json = nullptr;
  Watch* m_watch = nullptr;
};

class Object {
 public:
  using const_iterator = Members;
  using iterator = Members;
  Object() = default;
  Object(const nlohmann::json& json, Watch* watch) : m_json(&json), m_watch(watch) {}
  Members begin() const;
  Members end() const;
  Members find(const std::string& name) const;
  std::size_t size() const { return m_json->size(); }

 private:
  const nlohmann::json* m_json = nullptr;
  Watch* m_watch = nullptr;
};

class Value {
 public:
  Value() = default;
  Value(const nlohmann::json& json, Watch* watch) : m_json(&json), m_watch(watch) {}

  bool isArray() const { return step().is_array(); }
  bool isObject() const { return step().is_object(); }
  bool isBool() const { return m_json->is_boolean(); }
  bool isDouble() const { return m_json->is_number_float(); }
  bool isInteger() const { return m_json->is_number_integer(); }
  bool isNull() const { return m_json->is_null(); }
  bool isNumber() const { return m_json->is_number(); }
  bool isString() const { return m_json->is_string(); }
  static bool hasStrictTypes() { return true; }

  std::optional<Array> getArrayOptional() const {
    return m_json->is_array() ? std::optional(Array(*m_json, m_watch)) : std::nullopt;
  }
  std::optional<Object> getObjectOptional() const {
    return m_json->is_object() ? std::optional(Object(*m_json, m_watch)) : std::nullopt;
  }
  bool getArraySize(std::size_t& size) const {
    size = m_json->size();
    return m_json->is_array();
  }
  bool getObjectSize(std::size_t& size) const {
    size = m_json->size();
    return m_json->is_object();
  }
  bool getBool(bool& value) const { return get(value, isBool()); }
  bool getDouble(double& value) const { return get(value, isDouble()); }
  bool getInteger(std::int64_t& value) const { return get(value, isInteger()); }
  bool getString(std::string& value) const { return get(value, isString()); }
  // Only enum and const are compared with frozen values, and those are ours.
  valijson::adapters::FrozenValue* freeze() const { throw std::logic_error("no value is ever frozen"); }

 private:
  const nlohmann::json& step() const {
    m_watch->step();
    return *m_json;
  }
  template <class T>
  bool get(T& value, bool fits) const {
    if (fits) m_json->get_to(value);
    return fits;
  }

  const nlohmann::json* m_json = nullptr;
  Watch* m_watch = nullptr;
};

class Adapter : public valijson::adapters::BasicAdapter<Adapter, Array, Member, Object, Value> {
 public:
  Adapter(const nlohmann::json& json, Watch* watch) : BasicAdapter(Value(json, watch)), m_json(&json), m_watch(watch) {}
  const nlohmann::json& json() const { return *m_json; }
  Watch& watch() const { return *m_watch; }

 private:
  const nlohmann::json* m_json = nullptr;
  Watch* m_watch = nullptr;
};

template <class Self, class Element>
class Iterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = Element;
  using difference_type = std::ptrdiff_t;
  using pointer = Element*;
  using reference = Element&;

  Iterator(const nlohmann::json::const_iterator& at, Watch* watch) : m_at(at), m_watch(watch) {}
  valijson::adapters::DerefProxy<Element> operator->() const {
    return valijson::adapters::DerefProxy<Element>(*static_cast<const Self&>(*this));
  }
  bool operator==(const Self& other) const { return m_at == other.m_at; }
  bool operator!=(const Self& other) const { return m_at != other.m_at; }
  const Self& operator++() {
    ++m_at;
    return static_cast<const Self&>(*this);
  }
  Self operator++(int) {
    Self before = static_cast<const Self&>(*this);
    ++m_at;
    return before;
  }
  const Self& operator--() {
    --m_at;
    return static_cast<const Self&>(*this);
  }

 protected:
  nlohmann::json::const_iterator m_at;
  Watch* m_watch;
};

class Items : public Iterator<Items, Adapter> {
 public:
  using Iterator::Iterator;
  Adapter operator*() const { return Adapter(*m_at, m_watch); }
  void advance(std::ptrdiff_t by) { m_at += by; }
};

class Members : public Iterator<Members, Member> {
 public:
  using Iterator::Iterator;
  Member operator*() const { return Member(m_at.key(), Adapter(m_at.value(), m_watch)); }
};

inline Items Array::begin() const { return {m_json->begin(), m_watch}; }
inline Items Array::end() const { return {m_json->end(), m_watch}; }
inline Members Object::begin() const { return {m_json->begin(), m_watch}; }
inline Members Object::end() const { return {m_json->end(), m_watch}; }
inline Members Object::find(const std::string& name) const { return {m_json->find(name), m_watch}; }

}  // namespace berth::loader::look

namespace valijson::adapters {
template <>
struct AdapterTraits<berth::loader::look::Adapter> {
  using DocumentType = nlohmann::json;
  static std::string adapterName() { return "berth"; }
};
}  // namespace valijson::adapters
