"""One measurement of one peer of each kind. Answers are parsed within the time, by the same json for all, and looked at after it."""
import os
import re
import statistics
import time

from kit.processes import BenchError
from peers import IMPORTS, right

LINES, WIDTH = 10_000, 99  # and a newline: 1 MB
PRINTS = f"for i in range({LINES}): print(f'{{i:0{WIDTH}}}')"
PRINTED = "".join(f"{i:0{WIDTH}}\n" for i in range(LINES))


def timed(function):
    begun = time.perf_counter()
    answer = function()
    return (time.perf_counter() - begun) * 1000, answer


def trips(peer, count):
    """`1+1` again and again, one after the other; and what all processes of the peer have computed for each, which does not depend on who else
    is at work."""
    family, took = settled(peer.server.pid), []
    before = cpu_ms(family)
    for _ in range(count):
        ms, answer = timed(lambda: peer.run(peer.first, "1+1"))
        right(peer.name, answer, result="2")
        took.append(ms)
    cpu = (cpu_ms(family) - before) / count
    took.sort()
    return {"p50_ms": statistics.median(took), "p99_ms": took[int(len(took) * 0.99)], "least_ms": took[0], "cpu_ms": cpu}


def fresh(peer):
    """A new kernel, until its first answer."""
    def begin():
        kernel = peer.make()
        return kernel, peer.run(kernel, "1+1")
    ms, (kernel, answer) = timed(begin)
    right(peer.name, answer, result="2")
    peer.remove(kernel)
    return {"ms": ms}


def reset(peer):
    """A kernel that has something is reset, until a cell has been answered that uses what data science imports."""
    right(peer.name, peer.run(peer.first, IMPORTS + "\nleft = 1"))

    def begin():
        peer.reset(peer.first)
        return peer.run(peer.first, IMPORTS + "\n'left' in globals()")
    ms, answer = timed(begin)
    right(peer.name, answer, result="False")
    return {"ms": ms}


def output(peer):
    ms, answer = timed(lambda: peer.run(peer.first, PRINTS))
    right(peer.name, answer, stdout=PRINTED)
    return {"ms": ms}


def late(peer):
    """How much later than its time limit of a second the answer of a cell comes that would never end: one that waits, one that computes."""
    found = {}
    for name, code in (("sleep_ms", "import time; time.sleep(600)"), ("loop_ms", "while True: pass")):
        ms, answer = timed(lambda: peer.run(peer.first, code, timeout=1))
        right(peer.name, answer, status="timeout", error="CellTimeout")
        if answer["kernel_restarted"]:
            raise BenchError(f"{peer.name} had to kill its kernel for {code!r}")
        found[name] = ms - 1000
    return found


def memory(peer, count):
    """Of kernels that have imported the same, each of them used and idle: what is theirs alone (USS), what is theirs with their share in what
    several use (PSS), and the PSS of every process of the peer, servers and zygotes included, for each kernel."""
    before = share(settled(peer.server.pid))
    begun, kernels = time.perf_counter(), []
    for number in range(count):
        kernels.append(peer.make())
        right(peer.name, peer.run(kernels[-1], f"{IMPORTS}\nmine = {number}; mine"), result=str(number))
    seconds = time.perf_counter() - begun
    pids = peer.pids(kernels)
    family = settled(peer.server.pid)
    if len(set(pids)) != count or not set(pids) <= family:
        raise BenchError(f"{peer.name} has not {count} kernels among its processes")
    sizes = [rollup(pid) for pid in pids]
    added = share(family) - before
    for number, kernel in enumerate(kernels):
        right(peer.name, peer.run(kernel, "mine"), result=str(number))
        peer.remove(kernel)
    return {"uss_mb": statistics.median(own for own, _ in sizes), "pss_mb": statistics.median(pss for _, pss in sizes),
            "added_pss_mb": added / count, "all_pss_mb": (before + added) / count, "seconds_to_make": seconds}


def rollup(pid):
    """Private memory and the proportional share, in MB."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            found = {name: int(kb) for name, kb in re.findall(r"^(\w+): +(\d+) kB$", file.read(), re.MULTILINE)}
    except PermissionError as error:
        raise BenchError(f"the memory of process {pid} is not ours to look at: run the bench as root") from error
    return (found["Private_Clean"] + found["Private_Dirty"]) / 1024, found["Pss"] / 1024


def cpu_ms(pids):
    """Coarse: a tick is 10 ms."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def share(pids):
    total = 0.0
    for pid in pids:
        try:
            total += rollup(pid)[1]
        except OSError:  # it has just ended
            pass
    return total


def settled(root):
    """The tree, once it has been the same for half a second: one more that shares its pages makes each one's share smaller."""
    family = tree(root)
    for _ in range(60):
        time.sleep(0.5)
        before, family = family, tree(root)
        if before == family:
            return family
    raise BenchError("the processes of a peer come and go although nobody asks for anything")


def tree(root):
    """The process and all below it."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found, waiting = set(), [root]
    while waiting:
        found.add(waiting[-1])
        waiting += children.get(waiting.pop(), [])
    return found


def in_turn(peers, rounds, measure, say):
    """Round by round, each peer in turn, another one first each time. Returns {peer: [measurement, ...]}."""
    found = {peer.name: [] for peer in peers}
    for number in range(rounds):
        shift = number % len(peers)
        for peer in peers[shift:] + peers[:shift]:
            peer.wake()
            found[peer.name].append(measure(peer))
            say(peer.name, found[peer.name][-1])
    return found


def medians(rounds):
    return {key: round(statistics.median(one[key] for one in rounds), 3) for key in rounds[0]}
