// How texts, arrays and references are shared: counted, and let go of with their last value.
#include "value.hpp"

#include <array>
#include <cstring>
#include <new>

namespace xlsx::calc {
namespace {

constexpr std::array<std::string_view, 16> fault_names = {
    "#NULL!",  "#DIV/0!", "#VALUE!", "#REF!",     "#NAME?",    "#NUM!",     "#N/A",   "#GETTING_DATA",
    "#SPILL!", "#CALC!",  "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#EXTERNAL!"};

}  // namespace

std::string_view name(Fault fault) { return fault_names[static_cast<std::size_t>(fault)]; }

std::optional<Fault> fault_of(std::string_view text) {
  for (std::size_t i = 0; i < fault_names.size(); ++i) {
    if (fault_names[i] == text) return static_cast<Fault>(i);
  }
  return std::nullopt;
}

struct Value::Shared {
  std::atomic<std::uint32_t> count{1};
};

struct Value::Text : Shared {
  std::size_t size = 0;
  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

template <class T>
struct Value::Holder : Shared {
  explicit Holder(T held) : value(std::move(held)) {}
  T value;
};

Value::Value(std::string_view text) : m_type(Type::text) {
  auto* const made = new (::operator new(sizeof(Text) + text.size())) Text;
  made->size = text.size();
  std::memcpy(made->bytes(), text.data(), text.size());
  m_shared = made;
}

Value::Value(Array array) : m_type(Type::array), m_shared(new Holder<Array>(std::move(array))) {}
Value::Value(Reference reference) : m_type(Type::area), m_shared(new Holder<Reference>(std::move(reference))) {}
Value::Value(Lambda lambda) : m_type(Type::function), m_shared(new Holder<Lambda>(std::move(lambda))) {}

Value Value::omitted() {
  Value value;
  value.m_type = Type::omitted;
  return value;
}

std::string_view Value::text() const {
  auto* const text = static_cast<Text*>(m_shared);
  return {text->bytes(), text->size};
}

const Array& Value::array() const { return static_cast<Holder<Array>*>(m_shared)->value; }
const Reference& Value::area() const { return static_cast<Holder<Reference>*>(m_shared)->value; }
const Lambda& Value::function() const { return static_cast<Holder<Lambda>*>(m_shared)->value; }

void Value::keep() const {
  if (m_type >= Type::text && m_type != Type::error && m_type != Type::omitted)
    m_shared->count.fetch_add(1, std::memory_order_relaxed);
}

void Value::release() {
  if (m_shared->count.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  switch (m_type) {
    case Type::text: {
      auto* const text = static_cast<Text*>(m_shared);
      text->~Text();
      ::operator delete(text);
      return;
    }
    case Type::array: delete static_cast<Holder<Array>*>(m_shared); return;
    case Type::area: delete static_cast<Holder<Reference>*>(m_shared); return;
    default: delete static_cast<Holder<Lambda>*>(m_shared);
  }
}

}  // namespace xlsx::calc
