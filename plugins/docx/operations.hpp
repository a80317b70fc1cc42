// What can be asked of a document, each as a function of its input and the files; the plugin and the program share
// them.
#pragma once

#include <string>

#include "serve/asked.hpp"

namespace docx {

berth::Json validate_operation(const ooxml::serve::Asked& asked);
berth::Json inspect_operation(const ooxml::serve::Asked& asked);
berth::Json text_operation(const ooxml::serve::Asked& asked);
berth::Json diff_operation(const ooxml::serve::Asked& asked);
berth::Json comments_operation(const ooxml::serve::Asked& asked);
berth::Json revisions_operation(const ooxml::serve::Asked& asked);

// A new file comes of these, or the old one is replaced in one step where the caller says so.
berth::Json fix_operation(const ooxml::serve::Asked& asked);
berth::Json comment_add_operation(const ooxml::serve::Asked& asked);
berth::Json comment_reply_operation(const ooxml::serve::Asked& asked);
berth::Json comment_resolve_operation(const ooxml::serve::Asked& asked);
berth::Json revision_accept_operation(const ooxml::serve::Asked& asked);
berth::Json revision_reject_operation(const ooxml::serve::Asked& asked);
berth::Json revision_propose_operation(const ooxml::serve::Asked& asked);

std::string now_text();  // as tracked changes and comments say it

}  // namespace docx
