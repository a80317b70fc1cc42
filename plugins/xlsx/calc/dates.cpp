// The calendar, with Excel's day that never was; and dates as people write them.
#include "dates.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "letters.hpp"

namespace xlsx::calc {
namespace {

constexpr std::array<std::string_view, 12> months = {"january",   "february", "march",    "april",
                                                     "may",       "june",     "july",     "august",
                                                     "september", "october",  "november", "december"};
constexpr int from_1904 = 1462;  // days between the two beginnings

// Days since the 1st of March of the year 0, by the calendar that we have.
std::int64_t civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

constexpr std::int64_t begin_1900 = 693900;  // civil(1899, 12, 31)

}  // namespace

bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_of_month(int year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

Date date_of(double serial, bool since_1904) {
  auto day = static_cast<std::int64_t>(std::floor(serial));
  if (since_1904) day += from_1904;
  if (day == 0) return {1900, 1, 0};
  if (day == 60) return {1900, 2, 29};
  if (day > 60) --day;
  const std::int64_t z = day + begin_1900;
  const std::int64_t era = z / 146097, of_era = z - era * 146097;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int>(year_of_era + era * 400 + (month <= 2)), month,
          static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1)};
}

std::optional<double> serial_of(int year, int month, int day, bool since_1904) {
  std::int64_t whole = std::int64_t{year} * 12 + month - 1;
  const auto y = static_cast<int>(whole >= 0 ? whole / 12 : (whole - 11) / 12);
  const auto m = static_cast<int>(whole - std::int64_t{y} * 12) + 1;
  if (y < 1899 || y > 10000) return std::nullopt;
  std::int64_t serial = civil(y, m, 1) - begin_1900;
  if (serial > 59) ++serial;
  if (y == 1900 && m <= 2) {
    // The month of February has 29 days then.
    serial = m == 1 ? 1 : 32;
  }
  serial += day - 1;
  if (since_1904) serial -= from_1904;
  if (serial < 0 || serial > static_cast<std::int64_t>(last_day) - (since_1904 ? from_1904 : 0)) return std::nullopt;
  return static_cast<double>(serial);
}

Clock clock_of(double serial) {
  double seconds = (serial - std::floor(serial)) * 86400;
  seconds = std::floor(seconds * 1000 + 0.5) / 1000;
  if (seconds >= 86400) seconds = 0;
  const auto whole = static_cast<int>(seconds);
  return {whole / 3600, whole / 60 % 60, seconds - whole / 60 * 60};
}

int weekday(double serial, bool since_1904) {
  const auto day = static_cast<std::int64_t>(std::floor(serial)) + (since_1904 ? from_1904 : 0);
  return static_cast<int>((day + 6) % 7) + 1;
}

namespace {

struct Piece {
  char kind = 0;  // n: a number, w: a word, or the sign itself
  double number = 0;
  std::string word;
  std::size_t digits = 0;
};

std::optional<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    Piece one;
    if (c >= '0' && c <= '9') {
      const std::size_t from = i;
      while (i < text.size() &&
             ((text[i] >= '0' && text[i] <= '9') || (text[i] == '.' && !pieces.empty() && pieces.back().kind == ':')))
        ++i;
      one.kind = 'n';
      one.digits = i - from;
      std::from_chars(text.data() + from, text.data() + i, one.number);
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') {
      one.kind = 'w';
      while (i < text.size() && (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z')
        one.word += static_cast<char>(text[i++] | 0x20);
    } else if (c == ' ' || c == ',' || c == '/' || c == '-' || c == ':' || c == '.') {
      one.kind = c == ',' ? ' ' : c;
      ++i;
      if (one.kind == ' ' && !pieces.empty() && pieces.back().kind == ' ') continue;
    } else {
      return std::nullopt;
    }
    pieces.push_back(std::move(one));
    if (pieces.size() > 20) return std::nullopt;
  }
  return pieces;
}

int month_of(const std::string& word) {
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (months[i] == word || (word.size() == 3 && months[i].starts_with(word))) return static_cast<int>(i) + 1;
  }
  return word == "sept" ? 9 : 0;
}

int full_year(const Piece& piece) {
  const auto year = static_cast<int>(piece.number);
  if (piece.digits > 2) return year;
  return year < 30 ? 2000 + year : 1900 + year;
}

// "13:05", "1:05:30.5 PM", "1 pm", from a place on.
std::optional<double> time_in(const std::vector<Piece>& p, std::size_t from) {
  if (from >= p.size() || p[from].kind != 'n') return std::nullopt;
  double parts[3] = {p[from].number, 0, 0};
  std::size_t at = from + 1, count = 1;
  while (at + 1 < p.size() && p[at].kind == ':' && p[at + 1].kind == 'n' && count < 3) {
    parts[count++] = p[at + 1].number;
    at += 2;
  }
  if (at < p.size() && p[at].kind == ':' && at + 1 == p.size() && count == 1) ++at, ++count;
  if (at < p.size() && p[at].kind == ' ') ++at;
  if (at < p.size() && p[at].kind == 'w') {
    const auto& word = p[at].word;
    if ((word != "am" && word != "pm" && word != "a" && word != "p") || parts[0] > 12 || ++at != p.size())
      return std::nullopt;
    if (parts[0] == 12) parts[0] = 0;
    if (word[0] == 'p') parts[0] += 12;
  } else if (count == 1) {
    return std::nullopt;
  }
  if (at != p.size() || parts[1] >= 60 || parts[2] >= 60 || parts[0] > 9999) return std::nullopt;
  return parts[0] / 24 + parts[1] / 1440 + parts[2] / 86400;
}

struct Found {
  double serial = 0;
  std::size_t end = 0;
};

std::optional<Found> dated(int year, int month, int day, std::size_t end, bool since_1904) {
  if (month < 1 || month > 12 || day < 1 || year < 1900 || year > 9999 || day > days_of_month(year, month))
    return std::nullopt;
  const auto serial = serial_of(year, month, day, since_1904);
  return serial ? std::optional(Found{*serial, end}) : std::nullopt;
}

std::optional<Found> date_in(const std::vector<Piece>& p, bool since_1904) {
  const auto is = [&](std::size_t i, char kind) { return i < p.size() && p[i].kind == kind; };
  const auto sign = [&](std::size_t i) { return is(i, '/') || is(i, '-') || is(i, ' ') || is(i, '.'); };
  const auto whole = [&](std::size_t i) { return static_cast<int>(p[i].number); };
  if (is(0, 'n') && (is(1, '/') || is(1, '-')) && is(2, 'n') && sign(3) && p[3].kind == p[1].kind && is(4, 'n')) {
    if (p[0].digits == 4) return dated(whole(0), whole(2), whole(4), 5, since_1904);
    return dated(full_year(p[4]), whole(0), whole(2), 5, since_1904);
  }
  if (is(0, 'n') && sign(1) && is(2, 'w') && month_of(p[2].word)) {
    const int month = month_of(p[2].word);
    if (sign(3) && is(4, 'n') && !is(5, ':')) return dated(full_year(p[4]), month, whole(0), 5, since_1904);
    if (p[0].number > 31) return dated(full_year(p[0]), month, 1, 3, since_1904);
  }
  if (is(0, 'w') && month_of(p[0].word) && sign(1) && is(2, 'n')) {
    const int month = month_of(p[0].word);
    if (sign(3) && is(4, 'n') && !is(5, ':')) return dated(full_year(p[4]), month, whole(2), 5, since_1904);
    if (p[2].digits == 4) return dated(whole(2), month, 1, 3, since_1904);
  }
  if (is(0, 'n') && is(1, '/') && is(2, 'n') && p.size() == 3 && p[2].digits == 4)
    return dated(whole(2), whole(0), 1, 3, since_1904);
  return std::nullopt;
}

}  // namespace

std::optional<double> moment_in(std::string_view text, bool since_1904) {
  const auto pieces = pieces_of(text);
  if (!pieces || pieces->size() < 2) return std::nullopt;
  if (const auto time = time_in(*pieces, 0)) return time;
  const auto date = date_in(*pieces, since_1904);
  if (!date) return std::nullopt;
  if (date->end == pieces->size()) return date->serial;
  if ((*pieces)[date->end].kind != ' ') return std::nullopt;
  const auto time = time_in(*pieces, date->end + 1);
  return time ? std::optional(date->serial + *time) : std::nullopt;
}

}  // namespace xlsx::calc
