// libarchive takes names to be in the locale's character set, and loses those of zip files that it cannot say in it.
// For the thread that works with it, names are UTF-8, whatever the host's locale is.
#pragma once

#include <locale.h>

namespace workspace {

class ArchiveLocale {
 public:
  ArchiveLocale() : m_own(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (m_own) m_before = ::uselocale(m_own);
  }
  ~ArchiveLocale() {
    if (!m_own) return;
    ::uselocale(m_before);
    ::freelocale(m_own);
  }
  ArchiveLocale(const ArchiveLocale&) = delete;

 private:
  locale_t m_own, m_before = nullptr;
};

}  // namespace workspace
