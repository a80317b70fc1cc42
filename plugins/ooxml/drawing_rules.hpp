// What the grammar cannot say of drawings and charts, wherever they are: in sheets, in texts, in diagrams. The domains
// of Word and of Excel let it read along.
#pragma once

#include <memory>

#include "look.hpp"

namespace ooxml {

// Null: a part of this content type holds no drawings.
std::unique_ptr<Handler> drawing_rules(const Reading& reading);

}  // namespace ooxml
