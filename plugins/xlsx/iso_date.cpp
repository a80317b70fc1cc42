// A date as ISO 8601 has it, which newer files may write in a cell, as the number that Excel counts days with.
#include <charconv>
#include <cmath>

#include "number_format.hpp"

namespace xlsx {

namespace {

// Takes numbers and signs off the front of a text; once something is amiss, nothing more.
class Taker {
 public:
  explicit Taker(std::string_view text) : m_text(text) {}
  long digits(std::size_t count) {
    long number = 0;
    const auto [at, wrong] = std::from_chars(m_text.data(), m_text.data() + std::min(count, m_text.size()), number);
    m_good = m_good && wrong == std::errc() && number >= 0 && at == m_text.data() + count;
    if (m_good) m_text.remove_prefix(count);
    return m_good ? number : 0;
  }
  bool maybe(char c) {
    if (!m_good || !m_text.starts_with(c)) return false;
    m_text.remove_prefix(1);
    return true;
  }
  void sign(char c) { m_good = maybe(c); }
  double fraction() {
    double part = 0, unit = 0.1;
    for (; !m_text.empty() && m_text[0] >= '0' && m_text[0] <= '9'; unit /= 10, m_text.remove_prefix(1))
      part += unit * (m_text[0] - '0');
    return part;
  }
  bool done() const { return m_good && m_text.empty(); }

 private:
  std::string_view m_text;
  bool m_good = true;
};

// Days since 1970-01-01, by the calendar that everybody uses.
long days_of(long year, long month, long day) {
  year -= month <= 2;
  const long era = year / 400, of_era = year % 400;
  const long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

long days_in(long year, long month) {
  constexpr long days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 || year == 1900;  // as Excel has it
  return month < 1 || month > 12 ? 0 : days[month - 1] + (month == 2 && leap);
}

// What Excel counts days with, whose 1900 has a 29th of February.
std::optional<double> excel_days(long year, long month, long day, bool since_1904) {
  if (day < 1 || day > days_in(year, month)) return std::nullopt;
  const bool no_day = year == 1900 && month == 2 && day == 29;
  if (since_1904) return year < 1904 ? std::nullopt : std::optional<double>(days_of(year, month, day) + 24107);
  if (year < 1900) return std::nullopt;
  if (no_day) return 60;
  const long days = days_of(year, month, day) + 25568;
  return days + (days >= 60);
}

}  // namespace

std::optional<double> serial(std::string_view iso, bool since_1904) {
  Taker text(iso);
  const bool dated = iso.size() < 3 || iso[2] != ':';
  std::optional<double> days = 0;
  if (dated) {
    const long year = text.digits(4);
    text.sign('-');
    const long month = text.digits(2);
    text.sign('-');
    days = excel_days(year, month, text.digits(2), since_1904);
  }
  double seconds = 0;
  if (!dated || text.maybe('T')) {
    const long hours = text.digits(2);
    text.sign(':');
    const long minutes = text.digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    seconds = static_cast<double>(hours * 3600 + minutes * 60);
    if (text.maybe(':')) seconds += static_cast<double>(text.digits(2));
    if (text.maybe('.')) seconds += text.fraction();
    text.maybe('Z');
  }
  if (!days || !text.done()) return std::nullopt;
  return *days + seconds / 86'400;
}

}  // namespace xlsx
