// What is different in the text of two documents: paragraphs that came, went or changed, and in those that changed,
// words.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "read/walk.hpp"

namespace docx {

struct Line {  // a paragraph
  std::string text{}, style{};
  std::size_t number = 0;
};

// Listens to a story; text that was deleted is not there.
class Lines : public Listener {
 public:
  void paragraph(std::size_t number) override;
  void piece(std::string_view text, const PieceLook& look) override;
  void end_paragraph(const ParagraphLook& look) override;
  void picture(const Picture& picture) override;
  std::vector<Line> take() { return std::move(m_lines); }

 private:
  std::vector<Line> m_lines, m_open;
  std::size_t m_bytes = 0;
};

// {same, counts, changes, truncated}; `most` changes are told. `stop` is asked as it goes on: an Error (499).
nlohmann::json compare(const std::vector<Line>& old_lines, const std::vector<Line>& new_lines, std::size_t most,
                       const std::function<bool()>& stop = {});

// Words, and what stands between them; an ideograph is a word by itself.
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace docx
