// entry, manifest: the file, its table of functions, and what it says of itself.
#include "entry_checks.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "checks.hpp"
#include "sha256.h"

namespace berth::check {

namespace {

const char* const no_plugin = "build it with berth_add_plugin(), and end it with BERTH_PLUGIN(Class)";

std::string flaw_of(const berth_plugin& plugin) {
  if (plugin.major != BERTH_ABI_MAJOR)
    return "built for ABI " + std::to_string(plugin.major) + "." + std::to_string(plugin.minor) + "; this is " +
           std::to_string(BERTH_ABI_MAJOR) + "." + std::to_string(BERTH_ABI_MINOR);
  if (plugin.size < sizeof plugin) return "its table of functions is too small";
  if (!plugin.create || !plugin.destroy || !plugin.invoke || !plugin.message || !plugin.drained || !plugin.cancel ||
      !plugin.service)
    return "its table of functions has gaps";
  if (!plugin.manifest.data || plugin.manifest.size == 0) return "carries no manifest";
  return Json::accept(plugin.manifest.data, plugin.manifest.data + plugin.manifest.size) ? ""
                                                                                         : "its manifest is no JSON";
}

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

// As berth-manifest writes it: the text in the code, and the library's digest as its last field.
std::string with_digest(std::string text, const std::string& library) {
  sha256 sum{};
  char hex[65];
  sha256_begin(&sum);
  sha256_add(&sum, library.data(), library.size());
  sha256_end(&sum, hex);
  const auto end = text.rfind('}');
  return end == std::string::npos ? text : text.insert(end, ",\"sha256\":\"" + std::string(hex) + "\"");
}

bool is_plugin_word(const std::string& text) { return is_word(text) && text[0] >= 'a' && text[0] <= 'z'; }

// The host judges the manifest in full; this is what an author gets wrong when writing one by hand, in C.
std::string flaw_of_operation(const Json& one, const std::string& plugin) {
  for (const char* key : {"name", "summary", "method", "path", "kind", "scope"})
    if (!one.contains(key) || !one[key].is_string()) return std::string("has no ") + key;
  static const std::set<std::string> kinds{"call", "stream", "upload", "download", "socket", "http"};
  static const std::set<std::string> scopes{"read", "run", "admin"}, methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  const std::string kind = one["kind"], method = one["method"], path = one["path"], name = one["name"];
  if (name.rfind(plugin + ".", 0) != 0) return "its name does not begin with " + plugin + ".";
  if (!kinds.count(kind)) return "no such kind: " + kind;
  if (!scopes.count(one["scope"])) return "no such scope: " + one["scope"].dump();
  if (!methods.count(method)) return "no such method: " + method;
  if (path.rfind('/', 0) != 0) return "its path does not begin with /";
  if (kind == "socket" && method != "GET") return "a socket is a GET";
  if (kind == "upload" && method != "POST" && method != "PUT") return "an upload is a POST or a PUT";
  const bool reads = kind == "stream" || kind == "download";
  return reads && method != "GET" && method != "POST" ? "a " + kind + " is a GET or a POST" : std::string();
}

std::string flaw_of_manifest(const Json& manifest) {
  if (!manifest.is_object()) return "it is no object";
  const std::string name = manifest.value("name", "");
  if (!is_plugin_word(name) || name.size() > 40) return "its name is no word of a-z 0-9 _";
  if (manifest.value("version", "").empty()) return "it has no version";
  if (manifest.value("summary", "").empty()) return "it has no summary";
  std::set<std::string> names, routes;
  for (const Json& one : manifest.value("operations", Json::array())) {
    if (const auto flaw = flaw_of_operation(one, name); !flaw.empty()) return one.value("name", "?") + ": " + flaw;
    if (!names.insert(one["name"]).second) return one["name"].get<std::string>() + " is there twice";
    if (!routes.insert(one["method"].get<std::string>() + one["path"].get<std::string>()).second)
      return one["name"].get<std::string>() + ": another operation has its method and path";
  }
  return names.empty() ? "it has no operations" : "";
}

}  // namespace

void check_entry(const Options& options, Reporter& reporter, const std::string& to) {
  const auto fail = [&](const std::string& why, const std::string& advice) {
    reporter.found({"entry", Verdict::fail, {}, why, advice});
  };
  const berth_plugin* plugin = nullptr;
  try {
    plugin = load(options.file);
  } catch (const std::exception& error) {
    return fail(error.what(), no_plugin);
  }
  if (const auto flaw = flaw_of(*plugin); !flaw.empty()) return fail(flaw, "build it again, with this SDK");
  std::ofstream(to, std::ios::binary).write(plugin->manifest.data, static_cast<std::streamsize>(plugin->manifest.size));
  reporter.found(
      {"entry", Verdict::ok, {}, "speaks ABI " + std::to_string(plugin->major) + "." + std::to_string(plugin->minor)});
}

void check_manifest(const Subject& subject) {
  const std::string inside(subject.api->manifest.data, subject.api->manifest.size);
  const std::string stem = subject.options.file.substr(0, subject.options.file.rfind(".so"));
  const std::string beside = content_of(stem + ".berth.json");
  if (const auto flaw = flaw_of_manifest(subject.manifest); !flaw.empty())
    return subject.fail("manifest", flaw, "mend its declaration; host/loader/manifest.md has the form");
  const std::string name = stem.substr(stem.rfind('/') + 1);
  if (subject.manifest["name"] != name)
    subject.fail("manifest", "the library is called " + name + ", its manifest says " + subject.manifest["name"].dump(),
                 "give both one name");
  if (beside.empty())
    return subject.fail("manifest", "there is no " + name + ".berth.json beside it",
                        "build it with berth_add_plugin(), or run berth-manifest");
  const Json told = Json::parse(beside, nullptr, false);
  Json own = told.is_object() ? told : Json::object();
  own.erase("sha256");
  if (own != subject.manifest)
    return subject.fail("manifest", "the one beside it is not the one in its code", "build it again");
  if (beside != with_digest(inside, content_of(subject.options.file)))
    return subject.fail("manifest", "the one beside it has not this library's SHA-256 as its last field",
                        "change nothing after the build (strip before berth-manifest), or run berth-manifest again");
  subject.ok("manifest", "the one beside it is the one in its code, with the library's digest");
}

}  // namespace berth::check
