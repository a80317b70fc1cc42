// From answers to content.
#include "content.hpp"

#include <berth/base64.hpp>
#include <berth/json_text.hpp>
#include <berth/output.hpp>

#include <array>
#include <utility>

namespace mcp {

namespace {

Json text_block(std::string text) { return {{"type", "text"}, {"text", std::move(text)}}; }

constexpr std::array<const char*, 4> pictures{"image/png", "image/jpeg", "image/webp", "image/gif"};
constexpr std::size_t least_of_a_picture = 64;  // characters of base64

// Pictures that stand in an answer as {"image/png": "…"} become content of their own, and the text has a note in their
// place: nobody reads base64.
void take_pictures(Json& value, Json& blocks) {
  if (!value.is_structured()) return;
  if (value.is_object()) {
    for (const char* type : pictures) {
      const auto at = value.find(type);
      if (at == value.end() || !at->is_string() || at->get_ref<const std::string&>().size() < least_of_a_picture)
        continue;
      blocks.push_back({{"type", "image"}, {"mimeType", type}, {"data", std::move(at->get_ref<std::string&>())}});
      *at = "(picture " + std::to_string(blocks.size()) + " below)";
    }
  }
  for (auto& inner : value) take_pictures(inner, blocks);
}

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

bool is_text(std::string_view type) {
  return begins(type, "text/") || begins(type, "application/json") || begins(type, "application/xml");
}

Json embedded(std::string uri, const std::string& type, std::string_view bytes) {
  Json out{{"uri", std::move(uri)}, {"mimeType", type.empty() ? "application/octet-stream" : type}};
  if (is_text(type))
    out["text"] = berth::clean(bytes);
  else
    out["blob"] = berth::base64(bytes);
  return out;
}

}  // namespace

Json tool_result(const Offer& offer, const Json& answer) {
  if (offer.own_content && part(answer, "content").is_array()) {
    Json out{{"content", answer["content"]}};
    if (answer.contains("structured")) out["structuredContent"] = answer["structured"];
    if (answer.value("error", Json(false)) == true) out["isError"] = true;
    return out;
  }
  Json shown = answer, blocks = Json::array();
  take_pictures(shown, blocks);
  Json content = Json::array({text_block(shown.is_string() ? shown.get<std::string>() : berth::json_text(shown))});
  for (auto& block : blocks) content.push_back(std::move(block));
  Json out{{"content", std::move(content)}};
  if (answer.is_object()) out["structuredContent"] = answer;
  return out;
}

Json tool_failure(const berth::Error& error) {
  std::string text = error.message() + " (" + error.code() + ")";
  if (!error.hint().empty()) text += "\nWhat to do: " + error.hint();
  return {{"content", Json::array({text_block(std::move(text))})}, {"isError", true}};
}

Json tool_file(const Offer& offer, const std::string& type, const std::string& name, std::string_view bytes) {
  Json block;
  if (begins(type, "image/") || begins(type, "audio/"))
    block = {{"type", type.substr(0, 5)}, {"mimeType", type}, {"data", berth::base64(bytes)}};
  else if (is_text(type))
    block = text_block(berth::clean(bytes));
  else
    block = {{"type", "resource"},
             {"resource", embedded("berth:///" + offer.operation + (name.empty() ? "" : "/" + name), type, bytes)}};
  return {{"content", Json::array({std::move(block)})}};
}

Json tool_events(const Json& events, const std::string& note) {
  Json shown = events, blocks = Json::array();
  take_pictures(shown, blocks);
  std::string text;
  for (const auto& one : shown) {
    const std::string name = one.value("event", "");
    text += (name.empty() ? "" : name + ": ") + berth::json_text(one["data"]) + "\n";
  }
  if (!note.empty()) text += note + "\n";
  if (text.empty()) text = "(no events)\n";
  Json content = Json::array({text_block(std::move(text))});
  for (auto& block : blocks) content.push_back(std::move(block));
  return {{"content", std::move(content)}};
}

Json prompt_result(const Json& answer) {
  if (part(answer, "messages").is_array()) {
    Json out{{"messages", answer["messages"]}};
    if (answer.contains("description")) out["description"] = answer["description"];
    return out;
  }
  const Json& said = answer.is_object() && answer.contains("text") ? answer["text"] : answer;
  std::string text = said.is_string() ? said.get<std::string>() : berth::json_text(said);
  Json message{{"role", "user"}, {"content", text_block(std::move(text))}};
  return {{"messages", Json::array({std::move(message)})}};
}

Json resource_result(const std::string& uri, const Offer& offer, const Json& answer) {
  if (part(answer, "contents").is_array()) return {{"contents", answer["contents"]}};
  const Json& own = part(answer, "mimeType");
  const std::string type = own.is_string() ? own.get<std::string>() : offer.shown.value("mimeType", "application/json");
  Json one{{"uri", uri}, {"mimeType", type}};
  if (const Json& blob = part(answer, "blob"); blob.is_string())
    one["blob"] = blob;
  else if (const Json& text = part(answer, "text"); text.is_string())
    one["text"] = text;
  else
    one["text"] = berth::json_text(answer);
  return {{"contents", Json::array({std::move(one)})}};
}

Json resource_file(const std::string& uri, const std::string& type, std::string_view bytes) {
  return {{"contents", Json::array({embedded(uri, type, bytes)})}};
}

}  // namespace mcp
