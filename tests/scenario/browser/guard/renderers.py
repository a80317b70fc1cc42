"""Kills renderers and ends sessions in the middle of calls: a page comes back without a new browser, and what was under
way in a session that has ended does not begin it anew. Limits are the session's, whoever of its contexts uses them up."""
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

sys.dont_write_bytecode = True
from killer import descendants, is_browser  # noqa: E402

PORT, TOKEN, HOST, SITE = sys.argv[1:5]


def ask(method, path, **given):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", json.dumps(given).encode() if method == "POST" else None,
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def until(what, holds):
    for _ in range(200):
        said = holds()
        if said:
            return said
        time.sleep(0.1)
    sys.exit(f"not within 20 s: {what}")


def expect(what, said, wanted):
    if said != wanted:
        sys.exit(f"{what}: {said!r}, and not {wanted!r}")


def status():
    return ask("GET", "/browser/status")["browser"]


def kill_renderers():
    for pid in descendants(int(HOST)):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read()
            if is_browser(pid) and b"--type=renderer" in words:
                os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


def title():
    return ask("POST", "/browser/evaluate", expression="document.title").get("value")


def a_page_comes_back():
    ask("POST", "/browser/navigate", url=f"http://127.0.0.1:{SITE}/second.html")
    before = status()["starts"]
    kill_renderers()
    until("the page is back", lambda: title() == "Second")
    expect("starts", status()["starts"], before)
    kill_renderers()
    until("it has crashed", lambda: ask("GET", "/browser/tabs")["tabs"][0]["crashed"])
    expect("twice in a row", ask("POST", "/browser/evaluate", expression="1").get("code"), "tab_crashed")
    said = ask("POST", "/browser/navigate", url=f"http://127.0.0.1:{SITE}/second.html")
    expect("by hand", said.get("title"), "Second")


def aside(*given, **more):
    found = []
    thread = threading.Thread(target=lambda: found.append(ask(*given, **more)))
    thread.start()
    return lambda: (thread.join(60), found[0])[1]


def one_that_ended_stays_so():
    """Whatever its calls wait for: their page, or the human who has the browser."""
    for waits in "the page", "a human":
        ask("POST", "/sessions", id="over")
        ask("POST", "/sessions/over/browser/evaluate", expression="1")
        if waits == "a human":
            ask("POST", "/sessions/over/browser/takeover", seconds=60)
        before = status()["sessions"]
        answers = [aside("POST", "/sessions/over/browser/evaluate", expression="new Promise(() => {})", timeout=40) for _ in range(3)]
        time.sleep(1)
        began = time.monotonic()
        ask("DELETE", "/sessions/over")
        for answer in answers:
            expect(waits, answer().get("code"), "session_gone")
        if time.monotonic() - began > 20:
            sys.exit("who waited for a session that has ended waited on")
        expect("sessions", status()["sessions"], before - 1)


def limits_are_the_sessions():
    """Eight at once, in two contexts, where three tabs are allowed."""
    ask("POST", "/sessions", id="many")
    for name in "one", "two":
        ask("POST", "/sessions/many/browser/contexts", name=name)
        answers = [aside("POST", "/sessions/many/browser/tabs") for _ in range(4)]
        for answer in answers:
            answer()
    expect("tabs", len(ask("GET", "/sessions/many/browser/tabs")["tabs"]), 3)


a_page_comes_back()
one_that_ended_stays_so()
limits_are_the_sessions()
print("all is well")
