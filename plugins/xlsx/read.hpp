// Cells of a range, as much as fits into one answer: rows of values, single cells with all that is known of them, CSV.
#pragma once

#include <functional>

#include "serve/asked.hpp"

namespace xlsx {

inline constexpr std::size_t most_rows_told = 10'000, usual_rows = 1000, most_cells_told = 100'000;
inline constexpr std::size_t most_text_told = 4u << 20;

berth::Json read(const ooxml::serve::Asked& asked);

// All of it, page by page, each as read() would answer it; false: nobody wants any more.
using PageSink = std::function<bool(const berth::Json& page)>;
void read_pages(const ooxml::serve::Asked& asked, const PageSink& sink);

}  // namespace xlsx
