// While a human has the browser a client looks on: what reads is let through, and what lets a page go on that waits for
// its answer. Whatever else there is, or will be, is refused.
#include <array>

#include "mux_rules.hpp"
#include "words.hpp"

namespace browser {

namespace {

using Name = std::string_view;

constexpr std::array reading = {
    Name("CSS.collectClassNames"),
    Name("Accessibility.queryAXTree"),
    Name("CacheStorage.requestCacheNames"),
    Name("CacheStorage.requestCachedResponse"),
    Name("CacheStorage.requestEntries"),
    Name("DOM.collectClassNamesFromSubtree"),
    Name("DOM.describeNode"),
    Name("DOM.discardSearchResults"),
    Name("DOM.performSearch"),
    Name("DOM.pushNodeByPathToFrontend"),
    Name("DOM.pushNodesByBackendIdsToFrontend"),
    Name("DOM.querySelector"),
    Name("DOM.querySelectorAll"),
    Name("DOM.requestChildNodes"),
    Name("DOM.requestNode"),
    Name("DOM.resolveNode"),
    Name("DOMSnapshot.captureSnapshot"),
    Name("IO.close"),
    Name("IO.read"),
    Name("IO.resolveBlob"),
    Name("IndexedDB.requestData"),
    Name("IndexedDB.requestDatabase"),
    Name("IndexedDB.requestDatabaseNames"),
    Name("Page.captureScreenshot"),
    Name("Page.captureSnapshot"),
    Name("Page.printToPDF"),
    Name("Page.screencastFrameAck"),
    Name("Page.setLifecycleEventsEnabled"),
    Name("Page.startScreencast"),
    Name("Page.stopScreencast"),
    Name("Runtime.globalLexicalScopeNames"),
    Name("Runtime.releaseObject"),
    Name("Runtime.releaseObjectGroup"),
    Name("Target.attachToBrowserTarget"),
    Name("Target.attachToTarget"),
    Name("Target.detachFromTarget"),
    Name("Target.setAutoAttach"),
    Name("Target.setDiscoverTargets"),
    Name("Tracing.end"),
    Name("Tracing.start"),
    // Its own end, and what is answered without the browser's being asked.
    Name("Browser.close"),
    Name("Browser.setDownloadBehavior"),
};

constexpr std::array letting_go = {
    Name("Debugger.resume"),
    Name("Fetch.continueRequest"),
    Name("Fetch.continueResponse"),
    Name("Fetch.continueWithAuth"),
    Name("Fetch.failRequest"),
    Name("Fetch.fulfillRequest"),
    Name("Runtime.runIfWaitingForDebugger"),
};

// What these begin holds a page up, or makes another one of it.
constexpr std::array not_only_heard = {Name("Debugger.enable"), Name("Fetch.enable"), Name("WebAuthn.enable")};

}  // namespace

bool acts(const std::string& method) {
  if (one_of(method, reading) || one_of(method, letting_go)) return false;
  if (one_of(method, not_only_heard)) return true;
  const auto verb = Name(method).substr(method.find('.') + 1);
  return !verb.starts_with("get") && verb != "enable" && verb != "disable";
}

}  // namespace browser
