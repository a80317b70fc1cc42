"""One measurement of one peer by wrk or by the latency client, and the medians over the rounds."""
import json
import os
import statistics

from kit.processes import BenchError, built, run
from peers import HERE, TARGET

WRK_THREADS = 1  # as many as the server has, so that on two cores neither starves the other


def by_wrk(peer, connections, seconds, cpu):
    words = ["wrk", "-t", str(WRK_THREADS), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s",
             os.path.join(HERE, "report.lua")]
    for name, value in peer.headers().items():
        words += ["-H", f"{name}: {value}"]
    cpu_before = peer.server.cpu_seconds()
    raw = json.loads(run(words + [f"http://127.0.0.1:{peer.server.port}{TARGET}"], cpu).splitlines()[-1])
    if not peer.server.running() or not raw["requests"]:
        raise BenchError(f"{peer.name} stopped answering at {connections} connections\n{peer.server.log_tail()}")
    cpu_us = (peer.server.cpu_seconds() - cpu_before) * 1e6
    return {
        "requests_per_second": round(raw["requests"] * 1e6 / raw["us"], 1),
        "p50_us": raw["p50"],
        "p99_us": raw["p99"],
        "max_us": raw["max"],
        "server_cpu_us_per_request": round(cpu_us / raw["requests"], 2),
        "failed": raw["refused"] + raw["broken"] + raw["timeout"] + raw["status"],
    }


def by_latency_client(peer, seconds, cpu):
    words = [built("tests", "bench", "bench-latency"), "--port", str(peer.server.port), "--target", TARGET, "--seconds",
             str(seconds)]
    for name, value in peer.headers().items():
        words += ["--header", f"{name}: {value}"]
    raw = json.loads(run(words, cpu))
    return {f"{name}_us": raw[name] for name in ("p50", "p90", "p99", "p999", "max")}


def medians(rounds):
    middle = {key: round(statistics.median(r[key] for r in rounds), 2) for key in rounds[0]}
    if "failed" in middle:
        middle["failed"] = sum(r["failed"] for r in rounds)
    return middle


def in_turn(peers, rounds, measure, say):
    """Round by round, each peer in turn, another one first each time. Returns {peer: [measurement, ...]}."""
    found = {peer.name: [] for peer in peers}
    for number in range(rounds):
        shift = number % len(peers)
        for peer in peers[shift:] + peers[:shift]:
            found[peer.name].append(measure(peer))
            say(number, peer.name, found[peer.name][-1])
    return found
