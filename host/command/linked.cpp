// The dynamic section of an ELF file. It is a stranger's: every place in it is checked before it is looked at.
#include "command/linked.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace berth::command {

namespace {

constexpr std::uint64_t most_entries = 100'000;

class Elf {
 public:
  explicit Elf(std::string bytes) : m_bytes(std::move(bytes)) {}

  std::vector<std::string> needed() const {
    std::vector<std::string> names;
    const auto table = at_tag(DT_STRTAB);
    const auto strings = table ? offset_of(*table) : std::nullopt;
    if (!strings) return names;
    for_each_entry([&](const Elf64_Dyn& entry) {
      if (entry.d_tag == DT_NEEDED) names.push_back(text(*strings, entry.d_un.d_val));
    });
    return names;
  }

 private:
  template <class T>
  std::optional<T> read(std::uint64_t at) const {
    if (at > m_bytes.size() || m_bytes.size() - at < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, m_bytes.data() + at, sizeof value);
    return value;
  }
  std::string text(std::uint64_t table, std::uint64_t at) const {
    if (table > m_bytes.size() || at > m_bytes.size() - table) return {};
    const std::string_view rest = std::string_view(m_bytes).substr(table + at);
    return std::string(rest.substr(0, rest.find('\0')));
  }
  template <class Body>
  void for_each_segment(const Body& body) const {
    const auto head = read<Elf64_Ehdr>(0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64) return;
    for (unsigned i = 0; i < head->e_phnum; ++i) {
      const auto segment = read<Elf64_Phdr>(head->e_phoff + std::uint64_t{i} * sizeof(Elf64_Phdr));
      if (segment) body(*segment);
    }
  }
  template <class Body>
  void for_each_entry(const Body& body) const {
    std::optional<Elf64_Phdr> dynamic;
    for_each_segment([&](const Elf64_Phdr& segment) {
      if (segment.p_type == PT_DYNAMIC) dynamic = segment;
    });
    for (std::uint64_t i = 0; dynamic && i < most_entries && (i + 1) * sizeof(Elf64_Dyn) <= dynamic->p_filesz; ++i) {
      const auto entry = read<Elf64_Dyn>(dynamic->p_offset + i * sizeof(Elf64_Dyn));
      if (!entry || entry->d_tag == DT_NULL) return;
      body(*entry);
    }
  }
  std::optional<std::uint64_t> at_tag(std::int64_t tag) const {
    std::optional<std::uint64_t> value;
    for_each_entry([&](const Elf64_Dyn& entry) {
      if (entry.d_tag == tag) value = entry.d_un.d_ptr;
    });
    return value;
  }
  // Where in the file lies what is to lie at this address?
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    std::optional<std::uint64_t> offset;
    for_each_segment([&](const Elf64_Phdr& segment) {
      const bool inside = address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz;
      if (segment.p_type == PT_LOAD && inside) offset = address - segment.p_vaddr + segment.p_offset;
    });
    return offset;
  }

  const std::string m_bytes;
};

}  // namespace

std::vector<std::string> linked_libraries(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const Elf elf(std::string(std::istreambuf_iterator<char>(in), {}));
  return elf.needed();
}

}  // namespace berth::command
