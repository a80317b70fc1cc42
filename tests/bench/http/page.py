"""From measurements to medians, ratios, goals and a page."""
from kit import machine, results
from measure import medians
from peers import ABOUT

LEAST_TIMES_UVICORN, MOST_P99_OF_UVICORN, LEAST_OF_BEAST, MOST_US_ABOVE_BEAST = 2.0, 0.5, 0.7, 60.0
BUSY = (64, 1000)  # connections


def report(about, versions, settings, found):
    wrk = {str(n): {name: medians(rounds) for name, rounds in by_peer.items()} for n, by_peer in found["wrk"].items()}
    latency = {name: medians(rounds) for name, rounds in found["latency"].items()}
    rounds = {"wrk": {str(n): by_peer for n, by_peer in found["wrk"].items()}, "latency": found["latency"]}
    return {"bench": "http", "date": results.today(), "machine": about, "versions": versions, "settings": settings,
            "wrk": wrk, "latency": latency, "ratios": ratios(wrk, latency), "goals": goals(wrk, latency), "rounds": rounds}


def ratio(wrk, connections, key, one, other):
    by_peer = wrk.get(str(connections), {})
    if one not in by_peer or other not in by_peer:
        return None
    return round(by_peer[one][key] / by_peer[other][key], 3)


def ratios(wrk, latency):
    """Of the first named to the second: requests per second (more is better) and p99 (less is better)."""
    found = {}
    for one, other in (("berth", "uvicorn"), ("berth", "beast"), ("berth", "beast-text"), ("beast", "uvicorn")):
        for connections in wrk:
            if (rate := ratio(wrk, connections, "requests_per_second", one, other)) is not None:
                p99 = ratio(wrk, connections, "p99_us", one, other)
                found.setdefault(f"{one}/{other}", {})[connections] = {"requests_per_second": rate, "p99": p99}
    if "berth" in latency and "beast" in latency:
        found["berth - beast, one at a time, p50 us"] = round(latency["berth"]["p50_us"] - latency["beast"]["p50_us"], 2)
    return found


def goals(wrk, latency):
    found = []

    def add(text, value, met, shown):
        if value is not None:
            found.append({"goal": text, "measured": shown(value), "met": met(value)})

    for n in BUSY:
        add(f"at least {LEAST_TIMES_UVICORN:g} × uvicorn's requests/s at {n} connections",
            ratio(wrk, n, "requests_per_second", "berth", "uvicorn"), lambda v: v >= LEAST_TIMES_UVICORN, "{:.2f} ×".format)
        add(f"at most {MOST_P99_OF_UVICORN:g} × uvicorn's p99 at {n} connections", ratio(wrk, n, "p99_us", "berth", "uvicorn"),
            lambda v: v <= MOST_P99_OF_UVICORN, "{:.2f} ×".format)
        add(f"at least {LEAST_OF_BEAST:g} × bare Beast's requests/s at {n} connections",
            ratio(wrk, n, "requests_per_second", "berth", "beast"), lambda v: v >= LEAST_OF_BEAST, "{:.2f} ×".format)
    above = ratios(wrk, latency).get("berth - beast, one at a time, p50 us")
    add(f"at most {MOST_US_ABOVE_BEAST:g} µs above bare Beast's p50, one at a time", above,
        lambda v: v <= MOST_US_ABOVE_BEAST, "{:.1f} µs".format)
    return found


def wrk_table(wrk):
    rows = []
    for n, by_peer in wrk.items():
        for name, m in by_peer.items():
            rows.append([name, n, f"{m['requests_per_second']:,.0f}", f"{m['p50_us'] / 1000:.2f}", f"{m['p99_us'] / 1000:.2f}",
                         f"{m['server_cpu_us_per_request']:.1f}", m["failed"]])
    return results.table(["peer", "connections", "requests/s", "p50 ms", "p99 ms", "server CPU µs/request", "failed"], rows)


def latency_table(latency):
    rows = [[name, *(f"{m[key]:.1f}" for key in ("p50_us", "p90_us", "p99_us", "p999_us"))] for name, m in latency.items()]
    return results.table(["peer", "p50 µs", "p90 µs", "p99 µs", "p99.9 µs"], rows)


def ratio_table(found):
    rows = [[pair, n, f"{r['requests_per_second']:.2f} ×", f"{r['p99']:.2f} ×"]
            for pair, by_n in found.items() if isinstance(by_n, dict) for n, r in by_n.items()]
    return results.table(["ratio of", "connections", "requests/s", "p99"], rows) if rows else ""


def markdown(data):
    s = data["settings"]
    peers = "".join(f"- **{name}**: {ABOUT[name]}; {size} bytes of body\n" for name, size in s["body_bytes"].items())
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    pinned = "servers pinned to CPU 0, load to CPU 1" if s["pinned"] else "nothing pinned: server and load share the cores"
    return f"""# HTTP, {data['date']}

`GET {s['target']}`

{peers}
{machine.sentence(data['machine'])}. {versions}.
Medians of {s['rounds']} rounds, in turn, {s['seconds']} s each; wrk with {s['wrk_threads']} thread; {pinned}; loopback.

{wrk_table(data['wrk'])}
One connection, one request at a time, timed by a client of our own:

{latency_table(data['latency'])}
{ratio_table(data['ratios'])}
{results.goals_page(data['goals'])}"""
