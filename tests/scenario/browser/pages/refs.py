"""Uses what a snapshot shows by its refs: in a shadow root, in a frame of the page's site, in one of another site."""
import json
import re
import sys
import urllib.request

PORT, TOKEN = sys.argv[1:3]


def ask(path, **given):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/browser/{path}", json.dumps(given).encode() if given else None,
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def ref(text, what):
    return re.search(what + r".*?\[(e[0-9]+)\]", text)[1]


def main():
    text = ask("snapshot?max_bytes=20000")["snapshot"]["text"]
    ask("click", ref=ref(text, 'button "In a shadow"'))
    print("shadow:", ask("evaluate", expression="said.textContent")["value"])
    apart = text[text.index('iframe "Apart"'):]
    ask("fill", ref=ref(apart, 'textbox "Title"'), text="typed there")
    ask("click", ref=ref(apart, 'button "Send"'))
    again = ask("snapshot?max_bytes=20000")["snapshot"]["text"]
    print("apart:", "typed there" if "typed there|1|" in again else again)
    near = text[text.index('iframe "Near"'):]
    ask("click", ref=ref(near, 'link "Back to the form"'))
    ask("wait", function="near.contentDocument.title === 'Order'", timeout=5)
    print("near:", ask("evaluate", expression="near.contentDocument.title")["value"])


main()
