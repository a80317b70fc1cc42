"""What a model does with browser-use's tools: it sees a state with indices, clicks and types by them, and reads."""
import json
import sys

from tools import Tools

URL, TOKEN, PORT = sys.argv[1:4]
FORM = f"http://127.0.0.1:{PORT}/form.html"


def index(state, words):
    return next(one["index"] for one in state["interactive_elements"] if words in one["text"])


def main():
    tools = Tools(URL, TOKEN, "browser-use")
    tools.holds("Navigated to", "browser_navigate", url=FORM)
    state = json.loads(tools.text("browser_get_state"))
    assert state["title"] == "Order" and state["tabs"][0]["url"].endswith("form.html"), state
    tools.text("browser_type", index=index(state, "Title"), text="A title")
    tools.text("browser_click", index=index(state, 'button "Send"'))
    tools.holds("A title|1|", "browser_extract_content", query="what was sent")
    tools.holds("](http", "browser_extract_content", query="links", extract_links=True)
    tools.holds('id="send"', "browser_get_html", selector="#send")
    tools.fails("browser_get_html", "no_element", selector="#none")
    tools.fails("browser_click", "index must be")
    tools.fails("browser_click", "e999999", index=999999)
    assert [one["type"] for one in tools.call("browser_get_state", include_screenshot=True)["content"]] == ["text", "image"]
    assert tools.call("browser_screenshot", full_page=True)["content"][0]["type"] == "image"
    for uri in ("browser:///screenshot", f"browser:///tabs/{state['tabs'][0]['tab_id']}/screenshot"):
        shot = Tools(URL, TOKEN, "browser").ask("resources/read", uri)["contents"][0]
        assert shot["mimeType"] == "image/png" and shot["blob"].startswith("iVBOR"), shot
    tools.text("browser_scroll", direction="down")
    tools.fails("browser_scroll", "up or down", direction="left")
    tools.text("browser_click", coordinate_x=5, coordinate_y=5)
    tools.text("browser_navigate", url=f"http://127.0.0.1:{PORT}/second.html", new_tab=True)
    tabs = json.loads(tools.text("browser_list_tabs"))
    assert [one["title"] for one in tabs] == ["Order", "Second"] and tabs[1]["active"], tabs
    tools.text("browser_switch_tab", tab_id=tabs[0]["tab_id"])
    tools.text("browser_close_tab", tab_id=tabs[1]["tab_id"])
    tools.text("browser_navigate", url=f"http://127.0.0.1:{PORT}/second.html")
    tools.holds("(Order)", "browser_go_back")
    assert json.loads(tools.text("browser_list_sessions"))[0]["tabs"] == 1
    tools.fails("browser_close_session", "the only one", session_id="another")
    tools.text("browser_close_all")
    print("all done")


main()
