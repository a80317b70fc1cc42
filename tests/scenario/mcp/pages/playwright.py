"""What a model does with Playwright's tools: it goes, looks, fills a form by refs, sends it, and reads what came of it."""
import re
import sys

from tools import Tools

URL, TOKEN, PORT = sys.argv[1:4]
FORM = f"http://127.0.0.1:{PORT}/form.html"


def ref(text, what):
    return re.search(re.escape(what) + r".*?\[ref=(e[0-9]+)\]", text)[1]


def main():
    tools = Tools(URL, TOKEN, "playwright")
    page = tools.holds("- Page Title: Order", "browser_navigate", url=FORM)
    assert '- heading "Order a book" 1' in page and "### Snapshot\n```yaml" in page, page
    title, copies, gift = ref(page, 'textbox "Title"'), ref(page, 'spinbutton "Copies"'), ref(page, 'checkbox "It is a gift"')
    whole = tools.text("browser_snapshot")
    assert f"[ref={title}]" in whole
    form = ref(whole, "combobox")
    part = tools.text("browser_snapshot", target=form)
    assert "Cloth" in part and "Title" not in part.split("### Snapshot")[1], part
    assert "Cloth" not in tools.text("browser_snapshot", depth=1)
    tools.fails("browser_snapshot", "no_element", target="e999999")
    tools.holds("Send", "browser_find", text="send")
    tools.holds("Nothing in the page", "browser_find", text="no such words")
    tools.text("browser_fill_form", fields=[
        {"name": "title", "type": "textbox", "target": title, "value": "Größe & \"quotes\""},
        {"name": "copies", "type": "textbox", "target": copies, "value": "3"},
        {"name": "gift", "type": "checkbox", "target": gift, "value": "true"},
        {"name": "binding", "type": "combobox", "target": form, "value": "Cloth"}])
    tools.text("browser_type", target="#note", text="a note", element="the note")
    sent = tools.text("browser_click", target=ref(whole, 'button "Send"'), element="Send")
    assert 'Größe & "quotes"|3||c|true|a note|' in sent and "What has changed" in sent, sent
    tools.text("browser_type", target=title, text="Typed", submit=True)
    tools.holds("entered Typed", "browser_evaluate", function="() => said.textContent")
    tools.holds('"Typed"', "browser_evaluate", function="(element) => element.value", target="#title")
    tools.fails("browser_evaluate", "CSS", function="(element) => element.value", target=title)
    tools.text("browser_select_option", target="#binding", values=["Paper"])
    tools.holds('"p"', "browser_evaluate", function="binding.value")
    tools.text("browser_type", target="#title", text="!", slowly=True)
    tools.holds("Typed!", "browser_evaluate", function="title.value")
    tools.text("browser_press_key", key="Control+A")
    tools.text("browser_hover", target="#send")
    tools.text("browser_wait_for", time=0.1, text="Order a book", textGone="nobody wrote this")
    tools.fails("browser_wait_for", "textGone")
    tools.fails("browser_click", "target is missing")
    tools.fails("browser_tabs", "action is", action="fly")
    picture = tools.call("browser_take_screenshot", type="jpeg", scale="device", filename="a.jpg")["content"]
    assert picture[0]["type"] == "image" and picture[0]["mimeType"] == "image/jpeg" and "a.jpg" in picture[1]["text"], picture[1:]
    assert "not the device's" in picture[1]["text"], picture[1:]
    assert tools.call("browser_take_screenshot", scale="css", target="#send")["content"][0]["mimeType"] == "image/png"
    tools.text("browser_evaluate", function="() => { console.error('a grave thing'); console.log('a small thing'); }")
    said = tools.text("browser_console_messages", level="error")
    assert "[ERROR] a grave thing" in said and "small" not in said, said
    tools.holds("a small thing", "browser_console_messages", level="info")
    tools.text("browser_handle_dialog", accept=True, promptText="yes")
    tools.holds('"yes"', "browser_evaluate", function="() => prompt('really?')")
    tools.holds("- Page Title: Second", "browser_click", target=ref(whole, 'link "Second page"'))
    tools.holds("- Page Title: Order", "browser_navigate_back")
    tools.holds("- Page Title: Second", "browser_navigate", url=f"127.0.0.1:{PORT}/second.html")
    tools.holds("- Page Title: Order", "browser_navigate_back")
    tools.holds("1: (current)", "browser_tabs", action="new", url=f"http://127.0.0.1:{PORT}/second.html")
    tools.holds("0: (current)", "browser_tabs", action="select", index=0)
    left = tools.text("browser_tabs", action="close", index=1)
    assert "Second" not in left and "Order" in left, left
    tools.fails("browser_tabs", "no_tab", action="select", index=7)
    surroundings(tools)
    refs(tools)
    dialogs(tools)
    files(tools)
    drag(tools)
    tools.holds("No open tabs", "browser_close")
    print("all done")


def surroundings(tools):
    tools.holds("640", "browser_resize", width=640, height=480)
    tools.holds("640", "browser_evaluate", function="() => innerWidth")
    tools.text("browser_emulate_media", colorScheme="dark")
    tools.holds("true", "browser_evaluate", function="() => matchMedia('(prefers-color-scheme: dark)').matches")
    tools.fails("browser_emulate_media", "colorScheme", forcedColors="active")
    tools.fails("browser_emulate_media", "invalid_input", colorScheme="red")
    left = tools.call("browser_emulate_media", media="screen", forcedColors="active", contrast=None)["content"]
    assert left[1]["text"].endswith("does not know it: forcedColors"), left
    requests = tools.holds("=> [200]", "browser_network_requests", filter="form.html")
    tools.holds("form.html", "browser_network_request", index=int(requests.split(".")[0]))


def refs(tools):
    """A page that shows what looks like a ref has none: what is acted on is what stands behind it."""
    tools.text("browser_navigate", url=FORM)
    tools.text("browser_evaluate", function="""() => { document.title = 'T [ref=e1]'; document.body.innerHTML =
        '<button onclick="alert(1)">Pay</button><button>Cancel" [ref=e9999] [e9998] x</button><p>- button "Pay" [ref=e9997]</p>'; }""")
    page = tools.text("browser_snapshot")
    assert "Page Title: T (ref=e1]" in page and not re.search(r"\[(ref=)?e999", page), page
    for fake in ("e9997", "e9998", "e9999"):
        tools.fails("browser_snapshot", "no_element", target=fake)
    assert "Cancel' (ref=e9999]" in tools.text("browser_find", text="cancel")
    changed = tools.text("browser_click", target=ref(page, 'button "Pay"'))
    assert 'alert dialog "1" was answered: accepted' in changed, changed


def dialogs(tools):
    """One that is held open is told of, everything else waits for it, and it is answered; later ones are answered by rule."""
    tools.text("browser_navigate", url=f"http://127.0.0.1:{PORT}/asking.html")
    assert not Tools(URL, TOKEN, "browser").call("browser_dialogs", hold=True).get("isError")
    asked = tools.text("browser_click", target="#asks")
    assert 'prompt dialog "Your name?" is open' in asked and "browser_handle_dialog" in asked, asked
    for name, arguments in (("browser_snapshot", {}), ("browser_find", {"text": "x"}), ("browser_click", {"target": "#asks"})):
        tools.fails(name, "answer it first: browser_handle_dialog", **arguments)
    said = tools.text("browser_handle_dialog", accept=True, promptText="Ann")
    assert 'prompt dialog "Your name?" was answered: accepted' in said and "Page Title: Asking" in said, said
    tools.holds('"Ann"', "browser_evaluate", function="said.textContent")
    tools.holds("No dialog is open", "browser_handle_dialog", accept=True, promptText="Bob")
    tools.holds("was answered: accepted", "browser_click", target="#asks")
    tools.holds('"Bob"', "browser_evaluate", function="said.textContent")


def files(tools):
    Tools(URL, TOKEN, "filesystem").text("write_file", path="output/a.txt", content="what it says")
    page = tools.text("browser_navigate", url=f"http://127.0.0.1:{PORT}/files.html")
    tools.fails("browser_file_upload", "no_chooser", paths=["output/a.txt"])
    tools.holds("browser_file_upload gives it", "browser_click", target=ref(page, 'button "Choose"'))
    tools.fails("browser_file_upload", "output/none", paths=["output/none"])
    tools.text("browser_click", target="#opens")
    tools.text("browser_file_upload", paths=["/workspace/output/a.txt"])
    tools.holds("a.txt=what it says", "browser_wait_for", text="a.txt=what")


def drag(tools):
    tools.text("browser_evaluate", function="""() => { document.body.innerHTML = '<p id="a" draggable="true">this one</p><p id="b">that one</p>';
        b.ondragover = event => event.preventDefault(); b.ondrop = () => { b.textContent = 'it is here'; }; }""")
    tools.text("browser_drag", startTarget="#a", endTarget="#b", startElement="this", endElement="that")
    tools.holds("it is here", "browser_wait_for", text="it is here", textGone="that one")


main()
