// Puts the page's parts, which the build carries in, together.
#include "routing/docs.hpp"

#include <berth/base64.hpp>

#include "routing/docs_parts.hpp"
#include "service/text.hpp"

namespace berth::routing {

namespace {

std::string put_together() {
  std::string page(docs_page_html);
  const auto put = [&page](std::string_view mark, std::string_view part) {
    const auto at = page.find(mark);
    if (at != std::string::npos) page.replace(at, mark.size(), part);
  };
  put("/*STYLE*/", docs_page_css);
  put("/*TRY*/", docs_try_js);
  put("/*SCRIPT*/", docs_page_js);
  return page;
}

std::string hash_of(std::string_view part) { return "'sha256-" + berth::base64(service::sha256(part)) + "'"; }

}  // namespace

std::string_view docs_html() {
  static const std::string page = put_together();
  return page;
}

std::string docs_csp() {
  static const std::string policy =
      "default-src 'none'; script-src " + hash_of(docs_try_js) + " " + hash_of(docs_page_js) + "; style-src " +
      hash_of(docs_page_css) +
      "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return policy;
}

}  // namespace berth::routing
