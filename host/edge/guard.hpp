// Who may speak to this listener at all: the checks of Host and Origin that keep other people's web pages out, and the
// token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/options.hpp"
#include "edge/request_head.hpp"
#include "service/error.hpp"

namespace berth::edge {

// `authority` is Host or what an absolute target put in its place. IP literals and localhost are always fine: a page
// that rebinds its DNS name can choose neither.
std::optional<service::Error> check_host(std::string_view authority, const std::vector<std::string>& hosts);

// Same origin, or one that the operator allowed.
std::optional<service::Error> check_origin(std::string_view origin, std::string_view authority, bool tls,
                                           const std::vector<std::string>& origins);

// The bearer token, from Authorization or, for browsers' WebSockets, from "Sec-WebSocket-Protocol: berth,
// bearer.TOKEN".
std::optional<std::string_view> bearer_of(const RequestHead& head);

}  // namespace berth::edge
