// Operations that do something to a page.
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

using namespace std::chrono_literals;

constexpr auto ask_again = 50ms;

Meant wanted(const Json& input, const char* ref = "ref", const char* selector = "selector") {
  Meant meant = meant_of(input, ref, selector);
  if (meant.words().empty())
    throw Error(422, "invalid_input", std::string("which element? ") + ref + " or " + selector + " says it");
  return meant;
}

Click click_of(const Json& input) {
  Click how;
  how.button = input.value("button", "left");
  how.count = input.value("double", false) ? 2 : 1;
  for (const Json& one : input.value("held", Json::array()))
    how.held |= one == "Alt" ? 1 : one == "Control" ? 2 : one == "Meta" ? 4 : 8;
  return how;
}

}  // namespace

Task<Json> Plugin::click(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const Click how = click_of(input);
  if (input.contains("x") && input.contains("y")) {
    const Point point{input["x"], input["y"]};
    co_await click_at(turn.patience, tab, point, how);
  } else {
    const Meant meant = wanted(input);
    co_await browser::click(turn.patience, tab, meant, how);
  }
  co_await tab->settle(turn.patience);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::hover(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = wanted(turn.input());
  co_await browser::hover(turn.patience, tab, meant);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::drag(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant from = wanted(turn.input()), to = wanted(turn.input(), "to_ref", "to_selector");
  co_await browser::drag(turn.patience, tab, from, to);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::scroll(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = meant_of(turn.input());
  Json where =
      co_await browser::scroll(turn.patience, tab, meant, turn.input().value("x", 0.0), turn.input().value("y", 600.0));
  Json all = co_await outcome(turn, tab);
  all["value"] = std::move(where);
  co_return all;
}

Task<Json> Plugin::fill(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = wanted(turn.input());
  const std::string text = turn.input().at("text");
  co_await browser::fill(turn.patience, tab, meant, text);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::type(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = meant_of(turn.input()), nothing;
  const std::string text = turn.input().at("text");
  co_await browser::type(turn.patience, tab, meant, text);
  if (turn.input().value("submit", false)) co_await browser::press(turn.patience, tab, nothing, "Enter");
  co_await tab->settle(turn.patience);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::press(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = meant_of(turn.input());
  const std::string keys = turn.input().at("keys");
  co_await browser::press(turn.patience, tab, meant, keys);
  co_await tab->settle(turn.patience);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::select(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = wanted(turn.input());
  Json values = turn.input().at("values");
  Json chosen = co_await choose(turn.patience, tab, meant, std::move(values));
  co_await tab->settle(turn.patience);
  Json all = co_await outcome(turn, tab);
  all["value"] = std::move(chosen);
  co_return all;
}

Task<Json> Plugin::check(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Meant meant = wanted(turn.input());
  co_await browser::check(turn.patience, tab, meant, turn.input().value("checked", true));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::wait(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  if (input.contains("state")) co_await tab->wait_for(turn.patience, input["state"].get<std::string>());
  const auto quoted = [&](const char* name) { return berth::json_text(input[name]); };
  const std::string shown = "(document.body?.innerText ?? '')";
  std::string all = "true";
  if (input.contains("text")) all += " && " + shown + ".includes(" + quoted("text") + ")";
  if (input.contains("gone")) all += " && !" + shown + ".includes(" + quoted("gone") + ")";
  if (input.contains("url")) all += " && location.href.includes(" + quoted("url") + ")";
  if (input.contains("selector"))
    all += " && [...document.querySelectorAll(" + quoted("selector") + ")].some(e => e.getClientRects().length > 0)";
  std::string function = input.value("function", "");
  if (!function.empty()) all += " && !!(" + function + "\n)";
  if (all == "true" && !input.contains("state"))
    throw Error(422, "invalid_input", "wait for what? text, gone, selector, url, state or function says it");
  const At at(turn.patience, [&all] { return "this is not true yet: " + all.substr(8, 300); });
  for (;;) {
    Json found;
    try {
      found = co_await tab->evaluate(turn.patience, all);
    } catch (const Error& error) {
      if (!is_leaving(error)) throw;
    }
    if (part(found, "value") == true) break;
    co_await Pause(turn.patience, ask_again);
  }
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::evaluate(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string expression = turn.input().at("expression");
  const Json found = co_await tab->evaluate(turn.patience, expression);
  Json all = co_await outcome(turn, tab);
  all["value"] = part(found, "value");
  if (const Json& odd = part(found, "unserializableValue"); odd.is_string()) all["value"] = odd;
  co_return all;
}

Task<Json> Plugin::dialogs(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  if (input.value("hold", false) == input.contains("accept"))
    throw Error(422, "invalid_input", "how are they answered? either accept or hold says it");
  if (input.value("hold", false))
    tab->hold_dialogs();
  else
    tab->answer_dialogs(input.at("accept"), input.value("text", ""));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::answer_dialog(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  co_await tab->answer_dialog(turn.patience, turn.input().at("accept"), turn.input().value("text", ""));
  co_await tab->settle(turn.patience);
  co_return co_await outcome(turn, tab);
}

}  // namespace browser
