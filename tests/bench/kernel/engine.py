#!/usr/bin/python3
"""The engine of the kernel alone, without plugin and HTTP: the best, the median and the worst in milliseconds, memory in MB. usage: engine.py [ROUNDS]"""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../unit/kernel"))
sys.dont_write_bytecode = True
import driver  # noqa: E402


def timed(function, rounds):
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        undo = function()
        found.append((time.perf_counter() - begun) * 1000)
        if undo:
            undo()
    found.sort()
    return found[0], statistics.median(found), found[int(len(found) * 0.99)]


def show(what, pair):
    print(f"{what:44}" + "".join(f" {one:9.2f}" for one in pair), flush=True)


def own(pid):
    """Private memory in MB, and the proportional share."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        found = {line.split(":")[0]: int(line.split()[1]) for line in file if line.split()[-1] == "kB"}
    return (found["Private_Clean"] + found["Private_Dirty"]) / 1024, found["Pss"] / 1024


def first_result(orders):
    kernel = orders.fork()
    assert kernel.execute("1 + 1").result == "2"
    return kernel.close


def checkpoints(zygote, megabytes, rounds):
    kernel = zygote.fork()
    kernel.execute(f"import numpy; a = numpy.ones({megabytes} * 131072)")
    point = None

    def freeze():
        nonlocal point
        old, (point, _) = point, kernel.freeze()
        return lambda: old and (old.order("end"), old.close())

    show(f"freeze at {megabytes} MB", timed(freeze, rounds))
    show(f"thaw and first result at {megabytes} MB", timed(lambda: first_result(point), rounds))
    print(f"{'own memory of the frozen, MB':44} {own(point.order('ping')[0]['pid'])[0]:9.2f}")
    point.close()
    kernel.close()


def main(rounds):
    print(f"{'':44} {'best':>9} {'p50':>9} {'p99':>9}")
    show("zygote: start with numpy, pandas, matplotlib", timed(lambda: driver.Zygote().close, 3))
    show("zygote: start with nothing", timed(lambda: driver.Zygote(preload=[]).close, 3))
    zygote = driver.Zygote()
    show("fork and first result", timed(lambda: first_result(zygote), rounds))
    kernel = zygote.fork()
    show("1 + 1", timed(lambda: kernel.execute("1 + 1") and None, rounds * 20))
    show("ping", timed(lambda: kernel.request("ping") and None, rounds * 20))
    show("100,000 lines", timed(lambda: kernel.execute("for i in range(100000): print(i)") and None, 5))
    show("print of 100 MB", timed(lambda: kernel.execute("print('x' * 100_000_000)") and None, 3))
    for megabytes in (0, 100, 1000):
        checkpoints(zygote, megabytes, min(rounds, 25))
    kernels = [zygote.fork() for _ in range(20)]
    for one in kernels:
        one.execute("x = 1 + 1")
    sizes = [own(one.pid) for one in kernels]
    print(f"{'private and PSS per worker at 20, MB':44} {statistics.median(one[0] for one in sizes):9.2f} {statistics.median(one[1] for one in sizes):9.2f}")
    for one in (*kernels, kernel):
        one.close()
    zygote.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
