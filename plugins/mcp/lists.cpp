// Lists, page by page, of what the caller may see; and what may stand in an argument.
#include <berth/json_text.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {

std::vector<const Offer*> offers_of(const Catalogue& catalogue, Offer::As as, const Request& request) {
  std::vector<const Offer*> all;
  for (const auto& offer : catalogue.offers())
    if (offer.as == as && covers(request.selection, offer) && may_see(offer, request.viewer)) all.push_back(&offer);
  return all;
}

// Where a page begins; nothing if that is no cursor of ours.
std::optional<std::size_t> begin_of(const Json& params, std::size_t size) {
  const auto at = params.find("cursor");
  if (at == params.end() || at->is_null()) return 0;
  if (!at->is_string()) return std::nullopt;
  const std::string text = at->get<std::string>();
  std::size_t begin = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), begin);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || begin == 0 || begin >= size)
    return std::nullopt;
  return begin;
}

}  // namespace

void Plugin::list_tools(Request& request) { list(request, "tools", offers_of(*m_catalogue, Offer::As::tool, request)); }
void Plugin::list_prompts(Request& request) {
  list(request, "prompts", offers_of(*m_catalogue, Offer::As::prompt, request));
}
void Plugin::list_resources(Request& request) {
  list(request, "resources", offers_of(*m_catalogue, Offer::As::resource, request));
}
void Plugin::list_templates(Request& request) {
  list(request, "resourceTemplates", offers_of(*m_catalogue, Offer::As::template_, request));
}

// Put together as text: the entries are there already.
void Plugin::list(Request& request, const char* field, const std::vector<const Offer*>& offers) {
  const bool bounded = request.selection.bounded && std::string_view(field) == "tools";
  const bool tasks = request.client.version == tasks_version && std::string_view(field) == "tools";
  const std::string_view closed = tasks ? R"(,"execution":{"taskSupport":"optional"}})" : "}";
  const Shown shown = within(offers, bounded ? m_settings.budget : 0, closed.size());  // with its comma, for its '}'
  const auto begin = begin_of(request.message.params, shown.offers.size());
  if (!begin)
    return refuse(request, {invalid_params, "that is no cursor of this list: begin without one", nullptr, 200});
  const std::size_t end = std::min(shown.offers.size(), *begin + m_settings.page);
  Json rest = stamped(request.client, Json::object());
  if (request.client.modern) {
    rest["ttlMs"] = 60'000;
    rest["cacheScope"] = "private";
  }
  if (end < shown.offers.size()) rest["nextCursor"] = std::to_string(end);
  std::string text =
      R"({"jsonrpc":"2.0","id":)" + berth::json_text(request.message.id) + R"(,"result":{")" + field + "\":[";
  for (std::size_t i = *begin; i < end; ++i) {
    text += (i > *begin ? "," : "") + (shown.outputs ? shown.offers[i]->text : shown.offers[i]->less);
    text.replace(text.size() - 1, 1, closed);
  }
  text += "]";
  if (!rest.empty()) text += "," + berth::json_text(rest).substr(1);
  if (rest.empty()) text += "}";
  request.reply(text + "}");
}

// What a schema says may stand there, as far as it begins like what does.
void Plugin::complete(Request& request) {
  const Json& params = request.message.params;
  const Json ref = params.value("ref", Json::object()), argument = params.value("argument", Json::object());
  const bool prompt = ref.is_object() && ref.value("type", Json()) == "ref/prompt";
  const Json name = ref.is_object() ? ref.value(prompt ? "name" : "uri", Json()) : Json();
  if (!name.is_string() || !argument.is_object() || !argument.value("name", Json()).is_string())
    return refuse(request, {invalid_params, "ref and argument must say what is to be completed", nullptr, 200});
  const Offer* offer = nullptr;
  for (const auto& one : m_catalogue->offers()) {
    const bool is = prompt ? one.as == Offer::As::prompt && one.name == name
                           : one.as == Offer::As::template_ && one.shown["uriTemplate"] == name;
    if (is && covers(request.selection, one) && may_see(one, request.viewer)) offer = &one;
  }
  if (!offer) return refuse(request, {invalid_params, "there is no such prompt or template", nullptr, 200});
  const std::string& wanted = argument["name"].get_ref<const std::string&>();
  const Json& schema = part(part(offer->input, "properties"), wanted.c_str());
  const Json typed = argument.value("value", Json(""));
  const std::string begun = typed.is_string() ? typed.get<std::string>() : "";
  Json values = Json::array();
  for (const Json& one : part(schema, schema.contains("enum") ? "enum" : "examples")) {
    if (one.is_string() && one.get_ref<const std::string&>().compare(0, begun.size(), begun) == 0 &&
        values.size() < 100)
      values.push_back(one);
  }
  const auto total = values.size();
  answer(request, {{"completion", {{"values", std::move(values)}, {"total", total}, {"hasMore", false}}}});
}

}  // namespace mcp
