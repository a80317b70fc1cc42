// The file under the audit: takes whole lines, keeps them whole, and makes room by renaming itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

class AuditFile {
 public:
  AuditFile(std::string path, std::uint64_t rotate_at, int keep);

  std::optional<Error> open();  // again too: what has the name now
  // Writes what it can of `lines` and returns how many bytes of them need not come again. Less than all: the disk is
  // full.
  std::size_t write(std::string_view lines);

 private:
  void rotate();
  std::string numbered(int number) const { return m_path + '.' + std::to_string(number); }
  bool ends_in_the_middle() const;
  bool has_its_name() const;
  void check_begun();
  bool close_torn_line();

  std::string m_path;
  std::uint64_t m_rotate_at;
  int m_keep;
  UniqueFd m_fd;
  std::uint64_t m_size = 0;
  std::size_t m_begun = 0;  // bytes of the next line that are in the file already
  bool m_torn = false;      // the file ends in the middle of a line whose rest will never come
};

}  // namespace berth::service
