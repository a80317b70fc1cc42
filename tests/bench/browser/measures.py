"""What each peer is asked, and what must come of it: whoever answers fast and wrong ends the bench."""
import re
import statistics
import struct
from collections import Counter

import pages
import peers
from kit.processes import BenchError

TITLES = {name: title for name, (title, _) in pages.made().items()}
SEEN = "document.body.innerText"


def must(peer, what, right):
    if not right:
        raise BenchError(f"{peer.name}: {what}")


def evaluate(peer, site, options):
    peer.go(f"{site}/article")
    peer.evaluate(["1 + 1"] * 3)
    found = peer.evaluate([f"{n} * 7" for n in range(options.evaluate)])
    must(peer, f"evaluate gives {found['values'][:5]}", found.pop("values") == [n * 7 for n in range(options.evaluate)])
    return found


def click(peer, site, options):
    """A button of the shop, which counts how often somebody has really clicked."""
    peer.go(f"{site}/shop")
    peer.click([pages.BUY] * 2)
    before = peer.evaluate(["window.bought"])["values"][0]
    found = {"ms": peer.click([pages.BUY] * options.click)["ms"]}
    bought = peer.evaluate(["window.bought"])["values"][0]
    must(peer, f"of {options.click} clicks {bought - before} were seen", bought - before == options.click)
    return found


def navigate(peer, site, _):
    found = peer.navigate([f"{site}/{name}" for name in pages.NAMES])
    must(peer, f"it went to {found['values']}", found.pop("values") == [f"complete {TITLES[name]}" for name in pages.NAMES])
    return found


def size_of(picture):
    """Width and height of a PNG or JPEG."""
    if picture[:8] == b"\x89PNG\r\n\x1a\n":
        return struct.unpack(">II", picture[16:24])
    at = 2 if picture[:2] == b"\xff\xd8" else len(picture)
    while at + 9 < len(picture):
        kind, length = picture[at + 1], struct.unpack(">H", picture[at + 2:at + 4])[0]
        if 0xC0 <= kind <= 0xC2:
            return struct.unpack(">HH", picture[at + 5:at + 9])[::-1]
        at += 2 + length
    return None


def picture(kind):
    def take(peer, site, options):
        peer.go(f"{site}/dashboard")
        peer.picture([kind])
        found = peer.picture([kind] * options.picture)
        last = found.pop("last")
        must(peer, f"its {kind} is {size_of(last)} large", size_of(last) == (peers.WIDTH, peers.HEIGHT) and (last[1:4] == b"PNG") == (kind == "png"))
        return {"ms": found["ms"], "bytes": statistics.median(found["sizes"])}
    return take


def pdf(peer, site, options):
    peer.go(f"{site}/article")
    found = peer.pdf([""] * options.pdf)
    last = found.pop("last")
    sheets = len(re.findall(rb"/Type ?/Page\b", last))
    must(peer, f"its PDF has {sheets} pages", last.startswith(b"%PDF-") and b"%%EOF" in last[-10:] and sheets >= 5)
    return {"ms": found["ms"], "bytes": statistics.median(found["sizes"]), "sheets": sheets}


def contexts(peer, site, options):
    """Each is made, goes to a page, is asked for its title, and is taken away again; all at once."""
    found = peer.contexts(options.contexts, f"{site}/form")
    must(peer, f"its contexts saw {found['values']}", found.pop("values") == [[TITLES["form"]] * options.contexts])
    return found


def words(text):
    return Counter(re.findall(r"\w{2,}", text.lower()))


def kept(seen, text):
    """Which part of the words that a page shows is in a text, as often as they are shown."""
    return (seen & words(text)).total() / max(1, seen.total())


def snapshot(peer, site, _):
    """Of each page the first after it has been loaded, and another one."""
    found = {"ms": [], "again_ms": [], "pages": {}}
    for name in pages.NAMES:
        peer.go(f"{site}/{name}")
        taken = peer.snapshot([0, 0])
        text, seen = taken["values"][0], words(peer.evaluate([SEEN])["values"][0])
        found["ms"].append(taken["ms"][0])
        found["again_ms"].append(taken["ms"][1])
        one = {"ms": taken["ms"][0], "bytes": len(text.encode()), "kept": kept(seen, text)}
        must(peer, f"of the words of {name} its snapshot has {one['kept']:.0%}", one["kept"] > 0.3)
        if peer.name == "berth":
            brief = peer.snapshot([0], most=peers.BRIEF)["values"][0]
            one.update(brief_bytes=len(brief.encode()), brief_kept=kept(seen, brief))
        found["pages"][name] = one
    return found


ALL = {"evaluate": evaluate, "click": click, "navigate": navigate, "png": picture("png"), "jpeg": picture("jpeg"), "snapshot": snapshot, "pdf": pdf,
       "contexts": contexts}
SAID = {"evaluate": "evaluate `n * 7`", "click": "click a button, by a CSS selector, waited for", "navigate": "navigate to a page, and load it",
        "png": "screenshot, png", "jpeg": "screenshot, jpeg", "snapshot": "snapshot, the first of a page", "snapshot again": "snapshot, another one",
        "pdf": "pdf of the article"}


def summed(rounds):
    """Over all rounds: the median of each round's median; and of all values the 90th of a hundred."""
    everything = sorted(ms for one in rounds for ms in one["ms"])
    found = {"p50_ms": statistics.median(statistics.median(one["ms"]) for one in rounds), "p90_ms": everything[int(len(everything) * 0.9)]}
    for key in ("bytes", "sheets"):
        if key in rounds[0]:
            found[key] = statistics.median(one[key] for one in rounds)
    return found


def summed_pages(rounds):
    return {name: {key: statistics.median(one["pages"][name][key] for one in rounds) for key in rounds[0]["pages"][name]} for name in pages.NAMES}
