#!/usr/bin/python3
"""The engine of the kernel alone, without plugin and HTTP: the best, the median and the 99th percentile in milliseconds, memory in MB.
What is measured is looked at after each round, outside of its time: a wrong answer ends the bench. usage: engine.py [ROUNDS]"""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../unit/kernel"))
sys.dont_write_bytecode = True
import driver  # noqa: E402


def timed(function, rounds):
    """The function answers with what is to be done after its time: checks, and putting away."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        after = function()
        found.append((time.perf_counter() - begun) * 1000)
        after()
    found.sort()
    return found[0], statistics.median(found), found[int(len(found) * 0.99)]


def right(found, expected):
    if found != expected:
        raise SystemExit(f"wrong: {str(found)[:200]!r} instead of {str(expected)[:200]!r}")


def cell(kernel, code, result=None, stdout=""):
    """One cell, and what it must have said."""
    done = kernel.execute(code)
    return lambda: right((done.status, done.result, done.stdout), ("ok", result, stdout))


def show(what, pair):
    print(f"{what:44}" + "".join(f" {one:9.2f}" for one in pair), flush=True)


def own(pid):
    """Private memory in MB, and the proportional share."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        found = {line.split(":")[0]: int(line.split()[1]) for line in file if line.split()[-1] == "kB"}
    return (found["Private_Clean"] + found["Private_Dirty"]) / 1024, found["Pss"] / 1024


def first_result(orders, known="1"):
    """Of a new worker; `known` is what it must have brought along."""
    kernel = orders.fork()
    check = cell(kernel, "1 + 1", "2")

    def after():
        check()
        right(kernel.execute(known).status, "ok")
        kernel.close()

    return after


def checkpoints(zygote, megabytes, rounds):
    kernel = zygote.fork()
    cell(kernel, f"import numpy; a = numpy.ones({megabytes} * 131072); a.nbytes", str(megabytes << 20))()
    point = None

    def freeze():
        nonlocal point
        old, (point, answer) = point, kernel.freeze()

        def after():
            right((answer.status, answer.done.get("warnings")), ("ok", []))
            if old:
                right(old.order("end")[0]["ok"], True)
                old.close()

        return after

    show(f"freeze at {megabytes} MB", timed(freeze, rounds))
    show(f"thaw and first result at {megabytes} MB", timed(lambda: first_result(point, f"assert a.sum() == {megabytes} * 131072"), rounds))
    print(f"{'own memory of the frozen, MB':44} {own(point.order('ping')[0]['pid'])[0]:9.2f}")
    point.close()
    kernel.close()


def ping(kernel):
    done = kernel.request("ping")
    return lambda: right(done.status, "ok")


def started(**config):
    zygote = driver.Zygote(**config)

    def after():
        right([name for name, about in zygote.about["preloaded"].items() if isinstance(about, dict) and "missing" in about], [])
        right(zygote.about["threads"], 1)
        zygote.close()

    return after


def memory(zygote):
    kernels = [zygote.fork() for _ in range(20)]
    for number, one in enumerate(kernels):
        cell(one, f"x = {number}; x", str(number))()
    sizes = [own(one.pid) for one in kernels]
    for number, one in enumerate(kernels):
        cell(one, "x", str(number))()
        one.close()
    return [statistics.median(column) for column in zip(*sizes)]


def main(rounds):
    print(f"{'':44} {'best':>9} {'p50':>9} {'p99':>9}")
    show("zygote: start with numpy, pandas, matplotlib", timed(started, 3))
    show("zygote: start with nothing", timed(lambda: started(preload=[]), 3))
    zygote = driver.Zygote()
    show("fork and first result", timed(lambda: first_result(zygote), rounds))
    kernel = zygote.fork()
    show("1 + 1", timed(lambda: cell(kernel, "1 + 1", "2"), rounds * 20))
    show("ping", timed(lambda: ping(kernel), rounds * 20))
    lines = "".join(f"{i}\n" for i in range(100000))
    show("100,000 lines", timed(lambda: cell(kernel, "for i in range(100000): print(i)", None, lines), 5))
    line = "x" * 100_000_000 + "\n"
    show("print of 100 MB", timed(lambda: cell(kernel, "print('x' * 100_000_000)", None, line), 3))
    for megabytes in (0, 100, 1000):
        checkpoints(zygote, megabytes, min(rounds, 25))
    private, shared = memory(zygote)
    print(f"{'private and PSS per worker at 20, MB':44} {private:9.2f} {shared:9.2f}")
    kernel.close()
    zygote.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
