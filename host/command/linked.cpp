// The dynamic section of an ELF file. It is a stranger's: every place in it is checked before it is looked at.
#include "command/linked.hpp"

#include <elf.h>

#include <bit>
#include <cstring>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "service/files.hpp"

namespace berth::command {

namespace {

constexpr std::uint64_t most_entries = 10'000, largest_library = 1u << 30;
constexpr std::size_t longest_text = 4096;
constexpr unsigned char own_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

class Elf {
 public:
  explicit Elf(std::string bytes) : m_bytes(std::move(bytes)) {}

  Linked linked() const {
    Linked found;
    const auto table = at_tag(DT_STRTAB);
    const auto strings = table ? offset_of(*table) : std::nullopt;
    if (!strings) return found;
    for_each_entry([&](const Elf64_Dyn& entry) {
      if (entry.d_tag == DT_NEEDED) found.libraries.push_back(text(*strings, entry.d_un.d_val));
      if (entry.d_tag != DT_RUNPATH && entry.d_tag != DT_RPATH) return;
      std::istringstream folders(text(*strings, entry.d_un.d_val));
      for (std::string one; std::getline(folders, one, ':');) {
        if (one.starts_with('/')) found.folders.push_back(one);
      }
    });
    return found;
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
    const std::string_view rest = std::string_view(m_bytes).substr(table + at, longest_text);
    return std::string(rest.substr(0, rest.find('\0')));
  }
  template <class Body>
  void for_each_segment(const Body& body) const {
    const auto head = read<Elf64_Ehdr>(0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) return;
    if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != own_order) return;
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

Linked linked_to(const std::string& file) {
  auto bytes = service::read_regular_file(file, largest_library);
  return bytes ? Elf(std::move(*bytes)).linked() : Linked();
}

}  // namespace berth::command
