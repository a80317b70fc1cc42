"""The report's page, and the verdict on each goal."""
import measures
import peers
from kit import machine, results

TOKEN = 4  # bytes: what is commonly reckoned, and for all peers the same
TIMES = (("click", "click", 0.3), ("evaluate", "evaluate", 0.4))
MOST_TOKENS, MOST_MEMORY, MOST_BACK_MS, MOST_HUNG_MS = 0.5, 0.1, 800, 1000
NAMES = ("berth", "playwright", "puppeteer")


def tokens(data, peer, key="bytes"):
    return sum(one[key] for one in data["pages"][peer].values()) / TOKEN


def own_memory(data):
    return data["memory"]["after_mb"]["berth"] - data["memory"]["after_mb"]["without"]


def parts(data):
    """Of each page: bytes of the snapshot, ours of Playwright's."""
    return {name: one["bytes"] / data["pages"]["playwright"][name]["bytes"] for name, one in data["pages"]["berth"].items()}


def goals(data):
    middle, found = data["medians"], []

    def goal(text, measured, most, shown):
        found.append({"goal": text, "measured": shown, "met": measured <= most})
    for what, said, most in TIMES:
        part = middle[what]["berth"]["p50_ms"] / middle[what]["playwright"]["p50_ms"]
        goal(f"{said}: at most {most} × Playwright's time (p50)", part, most, f"{part:.2f} ×")
    part, worst = tokens(data, "berth") / tokens(data, "playwright"), max(parts(data).items(), key=lambda one: one[1])
    goal(f"tokens of the whole snapshots of ten pages: at most {MOST_TOKENS} × those of Playwright's MCP", part, MOST_TOKENS, f"{part:.2f} ×")
    goal(f"and of each page: at most {MOST_TOKENS} ×", worst[1], MOST_TOKENS, f"{worst[1]:.2f} × ({worst[0]})")
    part = own_memory(data) / data["memory"]["after_mb"]["playwright"]
    goal(f"memory of the controller: at most {MOST_MEMORY} × Playwright's", part, MOST_MEMORY, f"{part:.2f} ×")
    back, hung = data["guard"]["back_p50_ms"], max(data["guard"]["hung_p50_ms"].values())
    goal(f"kill -9 until 3 tabs are loaded again, with their cookies: at most {MOST_BACK_MS} ms (p50)", back, MOST_BACK_MS, f"{back:.0f} ms")
    goal(f"a hung tab is free in at most {MOST_HUNG_MS} ms (p50; the worst way to hang)", hung, MOST_HUNG_MS, f"{hung:.0f} ms")
    return found


def times_page(data):
    said = {**measures.SAID, "contexts": f"{data['settings']['contexts']} contexts at once, all of it"}
    rows = []
    for what, text in said.items():
        by = data["medians"][what]
        cells = [f"{by[name]['p50_ms']:.1f}" for name in NAMES]
        ratios = [f"{by['berth']['p50_ms'] / by[name]['p50_ms']:.2f}" for name in NAMES[1:]]
        size = " / ".join(f"{by[name]['bytes'] / 1024:.0f}" for name in NAMES) if "bytes" in by["berth"] else ""
        rows.append([text, *cells, " / ".join(f"{by[name]['p90_ms']:.1f}" for name in NAMES), *ratios, size])
    return results.table(["ms", *NAMES, "p90 of each", "berth : playwright", "berth : puppeteer", "KiB of each"], rows)


def pages_page(data):
    rows = []
    for name, ours in data["pages"]["berth"].items():
        theirs, third = data["pages"]["playwright"][name], data["pages"]["puppeteer"][name]
        rows.append([name, *(f"{one['bytes'] / TOKEN:,.0f}" for one in (ours, theirs, third)), f"{parts(data)[name]:.2f}",
                     " / ".join(f"{one['kept']:.0%}" for one in (ours, theirs)), " / ".join(f"{one['ms']:.0f}" for one in (ours, theirs, third)),
                     f"{ours['brief_bytes'] / TOKEN:,.0f}", f"{ours['brief_kept']:.0%}"])
    ours, theirs = tokens(data, "berth"), tokens(data, "playwright")
    rows.append(["all ten", f"{ours:,.0f}", f"{theirs:,.0f}", f"{tokens(data, 'puppeteer'):,.0f}", f"{ours / theirs:.2f}", "", "",
                 f"{tokens(data, 'berth', 'brief_bytes'):,.0f}", ""])
    return results.table(["tokens of a snapshot", *NAMES, "berth : playwright", "words kept, berth / playwright", "ms of each", "berth, the first 4 KB",
                          "words kept"], rows)


def memory_page(data):
    memory = data["memory"]
    rows = [[name, *(f"{memory[when][name]:.1f}" for when in ("before_mb", "after_mb", "peak_mb"))] for name in ("berth", "without", *NAMES[1:])]
    return results.table(["RSS, MB", "before", "after all of it", "at most"], rows)


def guard_page(data):
    found = data["guard"]
    said = {"script": "by a script that was asked for: until its tab answers", "page": "by the page's own script: until its tab answers",
            "closed": "by the page's own script, and closed instead"}
    rows = [["killed (-9): three tabs, loaded, with cookies", f"{found['back_p50_ms']:.0f}", f"{max(found['back_ms']):.0f}"]]
    rows += [[f"hung {text}", f"{found['hung_p50_ms'][key]:.0f}", f"{max(found['hung_ms'][key]):.0f}"] for key, text in said.items()]
    return results.table(["until all is well again, ms", "p50", "most"], rows)


def how(data):
    """What was done, and with what."""
    s, sheets = data["settings"], " / ".join(f"{data['medians']['pdf'][name]['sheets']:.0f}" for name in NAMES)
    ours = "has its sandbox" if data["sandbox"] else "has NO sandbox here"
    theirs = "have theirs, too" if data["peers_sandbox"] else "have none: they run as root, for whom it does not start otherwise"
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    return (f"{machine.sentence(data['machine'])}. {versions}.\n"
            f"Each has a browser of its own, of the same program, headless, {peers.WIDTH} × {peers.HEIGHT}, all three running all the time. Ours {ours}; "
            f"the peers' {theirs}.\n"
            "The libraries are timed in their node process, around the awaited call; ours at the client, from the request's first byte to the parsed "
            "answer. Peers in turn,\nanother one first each time; medians of "
            f"{s['rounds']} rounds of {s['evaluate']} evaluations, {s['click']} clicks, 10 pages, {s['picture']} pictures of each kind, {s['pdf']} PDFs.\n"
            f"Every result was looked at: values, clicks that a page has seen, titles, sizes of pictures, pages of PDFs ({sheets}), words of snapshots.\n")


ABOUT_CONTEXTS = ("A context is made, goes to a page, is asked for its title, and is taken away; ours is a session, with its workspace, jail and token, "
                  "over HTTP.\n")
ABOUT_TOKENS = (f"A token is taken to be {TOKEN} bytes, of the snapshot's own text, without what an answer has around it. \"Words kept\" is which part of "
                "the words that the\npage shows (`innerText`) is in it: ours cuts long paragraphs, and its usual answer is the first 4 KB; the rest comes "
                "when it is asked for.\n")


def page(data):
    about = "".join(f"- **{name}**: {text}\n" for name, text in peers.ABOUT.items())
    about_memory = (f"Without: the same host without the plugin, which nobody asks. What berth has more, {own_memory(data):.1f} MB, is what the plugin takes, "
                    "the host's own share\nin its calls, its proxy and its keepers of jails included. Peers: their node process. \"At most\" is of the one "
                    "process.\n")
    about_guard = (f"Medians of {len(data['guard']['back_ms'])} kills and {data['settings']['hangs']} hangs. Hung: from the end of the time that a call into "
                   "it was given; closed: from the call.\n")
    return "\n".join([f"# Driving a browser, {data['date']}\n", about, how(data), times_page(data), ABOUT_CONTEXTS, pages_page(data), ABOUT_TOKENS,
                      memory_page(data), about_memory, guard_page(data), about_guard, results.goals_page(data["goals"])])
