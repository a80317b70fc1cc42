"""What the guard of the browser is worth: killed by -9, how soon are three tabs loaded again, with their cookies; and a tab that hangs, how soon is
it of use again."""
import os
import signal
import statistics
import time

from kit.processes import BenchError
from measures import TITLES
from peers import below

STEADY = 10.5  # seconds: only a browser that has been up for that long is started again at once
PATIENCE = 20
TABS = ("shop", "docs", "mail")
SEEN = "document.readyState + ' ' + document.title + ' ' + document.cookie"
SHORT = 0.3  # seconds that a call into a tab that hangs is given


def browser_of(host):
    for pid, words in below(host).items():
        if words[0].endswith(b"/chromium") and not any(one.startswith(b"--type=") for one in words):
            return pid
    raise BenchError("the host has no browser")


def open_tabs(peer, site):
    """Three, and no others: {tab: what it shows}."""
    old = [one["tab"] for one in peer.http.ask("GET", "/browser/tabs")["tabs"]]
    found = {}
    for name in TABS:
        answer = peer.http.ask("POST", "/browser/navigate", {"url": f"{site}/{name}?keep=yes", "new_tab": True})
        found[answer["tab"]] = f"complete {TITLES[name]} kept=yes"
    for tab in old:
        peer.http.ask("DELETE", f"/browser/tabs/{tab}")
    return found


def is_back(peer, tab, wanted):
    status, answer = peer.http.exchange("POST", "/browser/evaluate", {"expression": SEEN, "tab": tab})
    return status == 200 and answer["value"] == wanted


def one_kill(peer, tabs):
    """Milliseconds until every tab is loaded again, with its cookie, asked one after the other, again and again."""
    left = dict(tabs)
    began = time.perf_counter()
    os.kill(browser_of(peer.pid), signal.SIGKILL)
    while left:
        left = {tab: wanted for tab, wanted in left.items() if not is_back(peer, tab, wanted)}
        if time.perf_counter() - began > PATIENCE:
            raise BenchError(f"a killed browser is not back after {PATIENCE} s: {left} is missing")
    took = (time.perf_counter() - began) * 1000
    have = {one["tab"] for one in peer.http.ask("GET", "/browser/tabs")["tabs"]}
    if have != set(tabs):
        raise BenchError(f"there were the tabs {set(tabs)}, and now there are {have}")
    return took


def kills(peer, site, times):
    peer.wake()
    tabs = open_tabs(peer, site)
    found = []
    for _ in range(times):
        time.sleep(STEADY)
        peer.wake()
        found.append(one_kill(peer, tabs))
    return found


def freed(peer, tab, hang):
    """Milliseconds from the end of what a hanging call was given until the tab has answered another one."""
    began = time.perf_counter()
    status, _ = peer.http.exchange("POST", "/browser/evaluate", {"expression": hang, "tab": tab, "timeout": SHORT})
    if status != 504:
        raise BenchError(f"a call into a tab that hangs ends in {status}, and not in 504")
    answer = peer.http.ask("POST", "/browser/evaluate", {"expression": "6 * 7", "tab": tab, "timeout": PATIENCE})
    if answer["value"] != 42:
        raise BenchError(f"a tab that hung says {answer['value']}")
    return (time.perf_counter() - began - SHORT) * 1000


def closed(peer, tab):
    """Milliseconds until a tab whose page hangs is closed, and its tab is on no list any more."""
    began = time.perf_counter()
    peer.http.ask("DELETE", f"/browser/tabs/{tab}")
    if any(one["tab"] == tab for one in peer.http.ask("GET", "/browser/tabs")["tabs"]):
        raise BenchError("a tab that was closed is on the list of tabs")
    return (time.perf_counter() - began) * 1000


def hangs(peer, site, times):
    """By a script that was asked for; by the page's own; and closed instead."""
    peer.wake()
    found = {"script": [], "page": [], "closed": []}
    for _ in range(times):
        tab = peer.http.ask("POST", "/browser/navigate", {"url": f"{site}/hangs", "new_tab": True})["tab"]
        found["script"].append(freed(peer, tab, "for (;;);"))
        peer.http.ask("POST", "/browser/evaluate", {"expression": "hang(); 1", "tab": tab})
        time.sleep(0.05)
        found["page"].append(freed(peer, tab, "6 * 7"))
        peer.http.ask("POST", "/browser/evaluate", {"expression": "hang(); 1", "tab": tab})
        time.sleep(0.05)
        found["closed"].append(closed(peer, tab))
    return found


def measure(peer, site, options):
    back = kills(peer, site, options.kills)
    hung = hangs(peer, site, options.hangs)
    return {"back_ms": back, "back_p50_ms": statistics.median(back), "hung_ms": hung,
            "hung_p50_ms": {key: statistics.median(some) for key, some in hung.items()}}
