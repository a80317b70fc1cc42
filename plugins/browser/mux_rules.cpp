// Deny by default: a domain or a method that a later browser brings is refused until somebody has looked at it. What a
// command names (a context, a target, a session, a window, a stream) is looked up in the client's reach, whatever the
// command.
#include "mux_rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "words.hpp"

namespace browser {

using berth::part;

namespace {

using Names = std::string_view;

constexpr std::array page_domains = {
    Names("Accessibility"),
    Names("Animation"),
    Names("Audits"),
    Names("CSS"),
    Names("CacheStorage"),
    Names("Console"),
    Names("DOM"),
    Names("DOMDebugger"),
    Names("DOMSnapshot"),
    Names("DOMStorage"),
    Names("Debugger"),
    Names("DeviceOrientation"),
    Names("Emulation"),
    Names("Fetch"),
    Names("HeapProfiler"),
    Names("EventBreakpoints"),
    Names("IO"),
    Names("IndexedDB"),
    Names("Input"),
    Names("Inspector"),
    Names("LayerTree"),
    Names("Log"),
    Names("Media"),
    Names("Network"),
    Names("Overlay"),
    Names("Page"),
    Names("Performance"),
    Names("PerformanceTimeline"),
    Names("Preload"),
    Names("Profiler"),
    Names("Runtime"),
    Names("Schema"),
    Names("Security"),
    Names("ServiceWorker"),
    Names("Storage"),
    Names("WebAudio"),
    Names("WebAuthn"),
};

// Of the browser as a whole, and of domains that are otherwise closed.
constexpr std::array whole_methods = {
    Names("Browser.getVersion"),
    Names("Browser.getWindowForTarget"),
    Names("Browser.getWindowBounds"),
    Names("Browser.setWindowBounds"),
    Names("Browser.setPermission"),
    Names("Browser.grantPermissions"),
    Names("Browser.resetPermissions"),
    Names("Browser.cancelDownload"),
    Names("Storage.getCookies"),
    Names("Storage.setCookies"),
    Names("Storage.clearCookies"),
    Names("IO.read"),
    Names("IO.close"),
    Names("Schema.getDomains"),
};
constexpr std::array further_methods = {Names("Memory.getDOMCounters")};  // of a page

// What tells of the whole machine, or of other sessions' work.
constexpr std::array admin_methods = {
    Names("Tracing.start"),
    Names("Tracing.end"),
    Names("Tracing.getCategories"),
    Names("SystemInfo.getInfo"),
    Names("SystemInfo.getProcessInfo"),
    Names("Browser.getHistograms"),
    Names("Browser.getHistogram"),
    Names("Browser.getBrowserCommandLine"),
};

// For these the client's default context is its session's.
constexpr std::array of_a_context = {
    Names("Browser.setPermission"),  Names("Browser.grantPermissions"), Names("Browser.resetPermissions"),
    Names("Browser.cancelDownload"), Names("Storage.getCookies"),       Names("Storage.setCookies"),
    Names("Storage.clearCookies"),
};

constexpr std::array targets_of_pages = {
    Names("Target.setAutoAttach"), Names("Target.detachFromTarget"), Names("Target.getTargetInfo"),
    Names("Target.closeTarget"),   Names("Target.activateTarget"),
};
constexpr std::array targets_of_the_whole = {
    Names("Target.setDiscoverTargets"),    Names("Target.getTargets"),
    Names("Target.createTarget"),          Names("Target.attachToTarget"),
    Names("Target.attachToBrowserTarget"), Names("Target.createBrowserContext"),
    Names("Target.getBrowserContexts"),    Names("Target.disposeBrowserContext"),
};

const std::map<Names, const char*>& refusals() {
  static const std::map<Names, const char*> all = {
      {"Browser.crash", "the browser is shared with others: it is not crashed"},
      {"Page.setDownloadBehavior", "where downloads go is the host's to say"},
      {"Page.handleFileChooser", "files are not taken by path: the browser has none of the client's"},
      {"Security.handleCertificateError", "certificates are not judged by clients"},
      {"Security.setIgnoreCertificateErrors", "certificates are not judged by clients"},
      {"Security.setOverrideCertificateErrors", "certificates are not judged by clients"},
      {"Target.exposeDevToolsProtocol", "a page is not given the protocol: it could reach what its client may"},
      {"Target.setRemoteLocations", "other browsers are not looked for"},
      {"Target.sendMessageToTarget", "sessions are flat: put sessionId into the message"},
      {"Target.autoAttachRelated", "targets are attached to by Target.setAutoAttach"},
  };
  return all;
}

Ruling refuse(std::string words) { return {Fate::refuse, {}, std::move(words)}; }

// Whatever the command: what it names has to be the client's.
std::string stranger(const Reach& reach, const std::string& method, const Json& params) {
  const auto foreign = [&](const char* name, const auto& knows) {
    const Json& given = part(params, name);
    return !given.is_null() && (!given.is_string() || !knows(given.template get<std::string>()));
  };
  if (foreign("browserContextId", reach.context)) return "Failed to find browser context with the given id";
  if (foreign("targetId", reach.target)) return "No target with given id found";
  if (foreign("sessionId", reach.line)) return "No session with given id";
  if (const Json& window = part(params, "windowId"); !window.is_null() && !reach.window(berth::json_text(window)))
    return "Browser window not found";
  if (method.rfind("IO.", 0) == 0 && foreign("handle", reach.stream)) return "Invalid stream handle";
  return {};
}

bool has_files(const Json& files) { return !files.is_null() && !(files.is_array() && files.empty()); }

// What a page is asked: where to, and which files.
std::string misuse(const std::string& method, const Json& params) {
  const bool goes = method == "Page.navigate" || method == "Network.loadNetworkResource" ||
                    method == "Fetch.continueRequest" || method == "Target.createTarget";
  const Json& url = part(params, "url");
  if (goes && !url.is_null() && (!url.is_string() || !may_go_to(url.get<std::string>()))) return ways_to_go;
  if ((method == "DOM.setFileInputFiles" && has_files(part(params, "files"))) ||
      (method == "Input.dispatchDragEvent" && has_files(part(part(params, "data"), "files"))))
    return "files are not taken by path: the browser has none of the client's";
  return {};
}

Ruling of_target(bool whole, const std::string& method, Json params) {
  if (!one_of(method, targets_of_pages) && !(whole && one_of(method, targets_of_the_whole)))
    return refuse(method + " is not for clients of this browser" + (whole ? "" : "'s pages"));
  if (whole || method != "Target.setAutoAttach") return {Fate::ours, std::move(params), {}};
  params["flatten"] = true;
  return {Fate::pass, std::move(params), {}};
}

bool open_to(const Reach& reach, bool whole, const std::string& method) {
  if (one_of(method, whole_methods) || (reach.admin && one_of(method, admin_methods))) return true;
  const std::string domain = method.substr(0, method.find('.'));
  return !whole && (one_of(domain, page_domains) || one_of(method, further_methods));
}

}  // namespace

bool may_go_to(const std::string& url) {
  const auto colon = url.find(':');
  std::string scheme = url.substr(0, colon == url.npos ? 0 : colon);
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme == "about") return url.compare(colon, 6, ":blank") == 0 && (url.size() == 11 || url[11] == '#');
  return url.empty() || scheme == "http" || scheme == "https" || scheme == "data" || scheme == "blob";
}

bool fits_filter(const Json& filter, const std::string& type) {
  if (!filter.is_array()) return type != "browser" && type != "tab";
  for (const Json& one : filter) {
    const Json& wanted = part(one, "type");
    if (wanted.is_null() || (wanted.is_string() && wanted.get<std::string>() == type))
      return part(one, "exclude") != Json(true);
  }
  return false;
}

Ruling ruling(const Reach& reach, bool whole, const std::string& method, Json params) {
  if (!params.is_object()) params = Json::object();
  if (const auto why = stranger(reach, method, params); !why.empty()) return refuse(why);
  if (const auto why = misuse(method, params); !why.empty()) return refuse(why);
  if (const auto at = refusals().find(Names(method)); at != refusals().end()) return refuse(at->second);
  if (method == "Browser.close" || method == "Browser.setDownloadBehavior") return {Fate::ours, std::move(params), {}};
  if (method.rfind("Target.", 0) == 0) return of_target(whole, method, std::move(params));
  if (!open_to(reach, whole, method))
    return refuse(method + (one_of(method, admin_methods) ? " is for tokens of scope admin"
                                                          : " is not for clients of this browser"));
  // Storage of a page is its own context's; Browser is the whole one's, whoever is asked.
  if (one_of(method, of_a_context) && (whole || method[0] == 'B') && part(params, "browserContextId").is_null())
    params["browserContextId"] = reach.home;
  if (whole && method == "Browser.getWindowForTarget" && part(params, "targetId").is_null())
    return refuse("Browser.getWindowForTarget wants a targetId");
  return {Fate::pass, std::move(params), {}};
}

}  // namespace browser
