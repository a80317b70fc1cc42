"""From measurements to medians, ratios, goals and a page."""
from kit import machine, results
from measure import medians
from peers import ABOUT

AGAINST = "fastapi"
ROWS = [  # what is measured, which figure of it, in words, and its unit
    ("trips", "p50_ms", "1+1, round trip, p50", "ms"),
    ("trips", "p99_ms", "1+1, round trip, p99", "ms"),
    ("trips", "least_ms", "1+1, round trip, the fastest", "ms"),
    ("trips", "cpu_ms", "1+1, CPU time of all its processes", "ms"),
    ("fresh", "ms", "new kernel → first result", "ms"),
    ("reset", "ms", "reset → first result, numpy, pandas, matplotlib imported", "ms"),
    ("output", "ms", "1 MB printed in 10,000 lines", "ms"),
    ("memory", "uss_mb", "private memory of a kernel (USS)", "MB"),
    ("memory", "pss_mb", "with its share in what several use (PSS)", "MB"),
    ("memory", "added_pss_mb", "PSS that all processes grew by, for each kernel", "MB"),
    ("memory", "all_pss_mb", "PSS of all processes, for each kernel", "MB"),
]
LATE = [("sleep_ms", "time.sleep(600)"), ("loop_ms", "while True: pass")]  # of berth alone: its peers end no cell at a time
MOST_OFF = 50  # ms
GOALS = [  # the same, and how many times less than AGAINST at least
    ("trips", "p50_ms", 8, "at least {} × faster at `1+1` over HTTP, p50"),
    ("trips", "p99_ms", 1, "no worse at p99"),
    ("reset", "ms", 60, "at least {} × faster from reset to the first result with the imports"),
    ("memory", "uss_mb", 12, "at least {} × less private memory (USS) for each of {kernels} kernels"),
]


def report(about, versions, settings, found):
    middle = {what: {name: medians(rounds) for name, rounds in by_peer.items()} for what, by_peer in found.items()}
    met = goals(middle, settings) + [lateness(rounds) for rounds in found["late"].values()]
    return {"bench": "kernel", "date": results.today(), "machine": about, "versions": versions, "settings": settings,
            "medians": middle, "ratios": ratios(middle), "goals": met, "rounds": found}


def ratio(middle, what, key, other):
    """How many times berth's figure goes into the other's: more than 1 is to berth's credit."""
    by_peer = middle[what]
    if "berth" not in by_peer or other not in by_peer:
        return None
    return by_peer[other][key] / by_peer["berth"][key]


def ratios(middle):
    others = [name for name in middle["trips"] if name != "berth"]
    found = {other: {f"{what} {key}": ratio(middle, what, key, other) for what, key, _, _ in ROWS} for other in others}
    return {other: {name: round(value, 2) for name, value in by.items() if value} for other, by in found.items()}


def goals(middle, settings):
    found = []
    for what, key, least, text in GOALS:
        times = ratio(middle, what, key, AGAINST)
        if times is not None:
            found.append({"goal": text.format(least, kernels=settings["kernels"]), "measured": f"{times:.2f} ×", "met": times >= least})
    return found


def lateness(rounds):
    """The goal is for each time, and not for their median: one that is early is as wrong as one that is late."""
    all_late = [one[key] for one in rounds for key, _ in LATE]
    first, last = min(all_late), max(all_late)
    return {"goal": f"each of {len(all_late)} answers within {MOST_OFF} ms of its cell's time limit",
            "measured": f"{number(first)} to {number(last)} ms late", "met": max(abs(first), abs(last)) <= MOST_OFF}


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def unspared(middle, names, others):
    """What the worker that waits ready saves: a host without one, in turn with the peers."""
    mine = middle["spareless"]["ms"]
    times = [f"{number(middle[other]['ms'] / mine)} ×" for other in others]
    return ["the same, where no worker waits ready (`spares = 0`), ms", *(number(mine) if name == "berth" else "" for name in names), *times]


def table(data):
    names = list(data["medians"]["trips"])
    others = [name for name in names if name in data["ratios"]] if "berth" in names else []
    rows = []
    for what, key, text, unit in ROWS:
        figures = [number(data["medians"][what][name][key]) for name in names]
        times = [f"{number(ratio(data['medians'], what, key, other))} ×" for other in others]
        rows.append([f"{text}, {unit}", *figures, *times])
        if what == "fresh" and data["medians"]["unspared"]:
            rows.append(unspared(data["medians"]["unspared"], names, others))
    late = data["medians"]["late"].get("berth", {})
    for key, code in LATE if late else []:
        rows.append([f"answer after a limit of 1 s is late by, `{code}`, ms", *(number(late[key]) if name == "berth" else "" for name in names),
                     *("" for _ in others)])
    return results.table(["", *names, *(f"{other} / berth" for other in others)], rows)


def markdown(data):
    s = data["settings"]
    peers = "".join(f"- **{name}**: {ABOUT[name]}\n" for name in data["medians"]["trips"])
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    making = ", ".join(f"{name} {number(one['seconds_to_make'])}" for name, one in data["medians"]["memory"].items())
    return f"""# A Python kernel, {data['date']}

{peers}
{machine.sentence(data['machine'])}. {versions}.
Peers in turn, another one first each time; loopback; one client, one request at a time, nothing pinned. `1+1`: medians of {s['rounds']} rounds of
{s['trips']} each. New kernel and reset: medians of {s['starts']}. Output: of {s['rounds']}. Memory: {s['kernels']} kernels at once, each of which has imported
numpy, pandas and matplotlib.pyplot, from `smaps_rollup`. Seconds to make these: {making}.

{table(data)}
Berth has imported them before it forks, and has one worker waiting; the peers start Python and import.

{results.goals_page(data['goals'])}"""
