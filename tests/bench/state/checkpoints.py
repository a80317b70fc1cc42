"""What a checkpoint costs, and a restore until a cell's answer is there, over HTTP: beside an empty namespace, 100 MB and 1 GB of numpy's arrays; what
a frozen one holds by itself; a hundred in a chain. Part of the bench `state`."""
import os
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from kit import hosts, results  # noqa: E402
from kit.client import Http  # noqa: E402
from kit.processes import BenchError, built  # noqa: E402

SIZES = (("nothing", 0), ("100 MB", 100), ("1 GB", 1000))
ARRAY = 12_500_000  # numbers: 100 MB
MOST_MS, MOST_OWN_MB, CHAIN = 15.0, 3.0, 100


class Berth(hosts.Berth):
    def config_text(self, probe):
        built("lib", "berth", "plugins", "kernel.so")
        return super().config_text(probe) + 'plugin "kernel" { process = "host" }\nsessions { limits = { memory = "6GiB" } }\n'


class Client(Http):
    def __init__(self, host):
        super().__init__(host.port, "Bearer " + host.token())

    def run(self, code):
        done = self.ask("POST", "/exec", {"code": code})
        if done["status"] != "completed":
            raise BenchError(f"{code}: {done['error']}")
        return done["result"]


def timed(function):
    begun = time.perf_counter()
    answer = function()
    return (time.perf_counter() - begun) * 1000, answer


def one_size(client, megabytes, times):
    """Each restore goes back to a checkpoint that has seen no change since, and is over when a cell has answered what it kept."""
    client.ask("POST", "/reset", {})
    client.run(f"import numpy as np\nkept = [np.full({ARRAY}, i, dtype=float) for i in range({megabytes // 100})]\nstep = 0")
    made, restored, owns = [], [], []
    for turn in range(times):
        client.run(f"step = {turn}")
        ms, point = timed(lambda: client.ask("POST", "/checkpoints", {}))
        made.append(ms)
        if turn < 5:
            listed = client.ask("GET", "/checkpoints?sizes=true")["checkpoints"]
            owns.append(listed[-1]["own"] / 1e6)
        client.run("step = -1")
        ms, step = timed(lambda: (client.ask("POST", f"/checkpoints/{point['checkpoint']}/restore", {}), client.run("step"))[1])
        if step != str(turn):
            raise BenchError(f"restored is {step}, and kept was {turn}")
        restored.append(ms)
        client.ask("DELETE", f"/checkpoints/{point['checkpoint']}")
    if client.run("len(kept)") != str(megabytes // 100):
        raise BenchError("the arrays are gone")
    return {"checkpoint_ms": made, "restore_ms": restored, "own_mb": owns}


def chain(client):
    """A hundred, each of the one before; and back to each tenth."""
    client.ask("POST", "/reset", {})
    client.run("step = 0")
    begun = time.perf_counter()
    points = []
    for _ in range(CHAIN):
        client.run("step += 1")
        points.append(client.ask("POST", "/checkpoints", {})["checkpoint"])
    each = (time.perf_counter() - begun) * 1000 / CHAIN
    for number in range(9, CHAIN, 10):
        client.ask("POST", f"/checkpoints/{points[number]}/restore", {})
        if client.run("step") != str(number + 1):
            raise BenchError(f"the checkpoint {number} kept {client.run('step')}")
    whole = client.ask("GET", "/checkpoints?sizes=true")["checkpoints"]
    return {"each_ms": each, "own_mb": [one["own"] / 1e6 for one in whole]}


def measure(times):
    found = {}
    with tempfile.TemporaryDirectory(prefix="berth-state-") as folder:
        host = Berth(folder, probe=False)
        try:
            client = Client(host)
            client.run("1")
            for name, megabytes in SIZES:
                found[name] = one_size(client, megabytes, times)
                print(f"  {name:<8} " + "  ".join(f"{key} {statistics.median(value):.1f}" for key, value in found[name].items()),
                      file=sys.stderr, flush=True)
            found["chain"] = chain(client)
        finally:
            host.end()
    return found


def goals(found):
    worst = lambda key: max(statistics.median(found[name][key]) for name, _ in SIZES)  # noqa: E731
    made, restored, own = worst("checkpoint_ms"), worst("restore_ms"), worst("own_mb")
    return [{"goal": f"a checkpoint in at most {MOST_MS:g} ms (p50), the worst of the sizes", "measured": f"{made:.1f} ms", "met": made <= MOST_MS},
            {"goal": f"a restore, and the next cell's answer, in at most {MOST_MS:g} ms (p50)", "measured": f"{restored:.1f} ms", "met": restored <= MOST_MS},
            {"goal": f"a frozen one holds at most {MOST_OWN_MB:g} MB by itself", "measured": f"{own:.1f} MB", "met": own <= MOST_OWN_MB},
            {"goal": f"{CHAIN} in a chain", "measured": f"{len(found['chain']['own_mb'])}, {found['chain']['each_ms']:.1f} ms each with its cell",
             "met": len(found["chain"]["own_mb"]) == CHAIN}]


def markdown(found):
    ranked = lambda values: (statistics.median(values), sorted(values)[int(len(values) * 0.9)], min(values))  # noqa: E731
    rows = []
    for name, _ in SIZES:
        for what, key in (("checkpoint", "checkpoint_ms"), ("restore, and a cell's answer", "restore_ms")):
            rows.append([f"{name}: {what}", *(f"{value:.1f}" for value in ranked(found[name][key]))])
    chained = found["chain"]
    return (results.table(["over HTTP", "p50 ms", "p90 ms", "least ms"], rows)
            + f"\nBy itself a frozen one holds {statistics.median(found['nothing']['own_mb']):.1f} MB when it has just been made; of {CHAIN} in a chain the median one "
            f"{statistics.median(chained['own_mb']):.1f} MB at the end, all together {sum(chained['own_mb']):.0f} MB.\n")
