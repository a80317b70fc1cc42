// Files alone: no listings, nothing that begins with a dot, no link out of deploy/. The host sandboxes what is sent as
// a page: its scripts run, in no origin.
#include "site_operation.hpp"

#include <fcntl.h>

#include <cctype>

#include "media_type.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr const char* index_page = "index.html";

Error nothing_there() {
  return {404, "not_found", "the site has no such page",
          "write it to /workspace/deploy; a folder is shown by its index.html"};
}

bool hidden(std::string_view path) { return path.substr(0, 1) == "." || path.find("/.") != std::string_view::npos; }

// Beneath deploy/ itself, so that links lead nowhere else.
berth::Fd open_page(int deploy, const std::string& path, int flags, struct stat& about) {
  berth::Fd fd(open_beneath(deploy, path, flags));
  if (!fd || ::fstat(fd.get(), &about) != 0) return berth::Fd();
  return fd;
}

std::string encoded(std::string_view path) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || c == '/' || c == '-' || c == '.' || c == '_' || c == '~');
    if (plain) {
      out += c;
    } else {
      (out += '%').append({digits[byte >> 4], digits[byte & 15]});
    }
  }
  return out;
}

// A folder's links are relative to its index.html, and "site/a" and "site/a/" are one path here: so to its full name.
void lead_to_index(const berth::Call& call, const std::string& path) {
  const std::string to = "/sessions/" + encoded(call.session()) + "/workspace/site/" +
                         encoded(path.empty() ? path : path + "/") + index_page;
  call.begin({"text/html; charset=utf-8", {}, {}, true});
  call.bytes("<!doctype html><title>…</title><meta http-equiv=\"refresh\" content=\"0; url=" + to + "\"><a href=\"" +
             to + "\">" + index_page + "</a>\n");
  call.finish();
}

}  // namespace

berth::Schema site_input(bool with_path) {
  using namespace berth;
  if (!with_path) return object();
  return object({field("path", string().max_length(4096).describe("What is asked of the site").example("index.html"))});
}

void site(const Asked& asked, const berth::Call& call) {
  const std::string path = asked.root.place("deploy/" + asked.text("path")).path.substr(6);
  const std::string below = path.empty() ? path : path.substr(1);
  if (hidden(below)) throw nothing_there();
  const berth::Fd deploy(open_beneath(asked.root.fd(), "deploy", O_RDONLY | O_DIRECTORY, false));
  struct stat about {};
  if (!deploy || !open_page(deploy.get(), below, O_PATH, about)) throw nothing_there();
  if (S_ISDIR(about.st_mode)) {
    const std::string index = below.empty() ? index_page : below + "/" + index_page;
    if (!open_page(deploy.get(), index, O_PATH, about) || !S_ISREG(about.st_mode)) throw nothing_there();
    return lead_to_index(call, below);
  }
  if (!S_ISREG(about.st_mode)) throw nothing_there();
  berth::Fd file = open_page(deploy.get(), below, O_RDONLY | O_NONBLOCK | O_NOCTTY, about);
  if (!file || !S_ISREG(about.st_mode)) throw nothing_there();
  call.file(file.release(), {std::string(media_type(below)), {}, {}, true});
}

}  // namespace workspace
