"""What it costs to keep a namespace of 100 MB in a file, and to bring it back: cryo, beside dill's dump of the whole module and cloudpickle's of the
whole namespace, in turn. Part of the bench `state`; alone: cryo.py [ROUNDS]"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.dirname(HERE), os.path.join(HERE, "../../unit/kernel")]
from kit import machine, results  # noqa: E402
from kit.processes import BenchError  # noqa: E402
import driver  # noqa: E402
import namespace  # noqa: E402
import time  # noqa: E402

PYTHON = "/usr/bin/python3"
TIMES = 1.5
ABOUT = {
    "cryo": "requests `store` and `reload` of the kernel's engine, measured by who asks; what is stored is on the disk (fsync) when it answers",
    "dill": "`dill.dump_module` and `dill.load_module` of a plain Python's `__main__`, measured inside of it; it writes and does not wait for the disk",
    "cloudpickle": "`cloudpickle.dump` of a dictionary of the same variables, and `pickle.load`; likewise",
}


class Cryo:
    """A worker that has the namespace; each reload goes into a new one, in which numpy and pandas are imported as in the peers."""

    name = "cryo"

    def __init__(self, folder):
        self.path = os.path.join(folder, "cryo")
        self.zygote = driver.Zygote(preload=["numpy", "pandas"])
        self.kernel = self.zygote.fork()
        self.run(self.kernel, namespace.CODE)
        self.digest = self.run(self.kernel, "print(repr(" + namespace.DIGEST + "))").stdout.strip()

    def run(self, kernel, code):
        done = kernel.execute(code)
        if done.error:
            raise BenchError(f"cryo: {done.error['plain'][-1]}")
        return done

    def ask(self, kernel, request):
        begun = time.perf_counter()
        done = kernel.request(request, path=self.path).done
        ms = (time.perf_counter() - begun) * 1000
        if done["status"] != "ok":
            raise BenchError(f"cryo: {request}: {done['error']['value']}")
        return ms, done

    def store(self):
        ms, done = self.ask(self.kernel, "store")
        if done["left_out"]:
            raise BenchError(f"cryo left out {done['left_out']}")
        return {"ms": ms, "bytes": done["bytes"]}

    def reload(self):
        kernel = self.zygote.fork()
        try:
            ms, done = self.ask(kernel, "reload")
            if done["failed"]:
                raise BenchError(f"cryo could not load {done['failed']}")
            return {"ms": ms, "digest": self.run(kernel, "print(repr(" + namespace.DIGEST + "))").stdout.strip()}
        finally:
            kernel.close()

    def with_a_generator(self):
        self.run(self.kernel, namespace.GENERATOR)
        _, done = self.ask(self.kernel, "store")
        return f"{done['count']} variables stored; left out: " + ", ".join(one["name"] for one in done["left_out"])

    def close(self):
        self.kernel.close()
        self.zygote.close()


class Whole:
    def __init__(self, name, folder):
        self.name = name
        self.path = os.path.join(folder, name)
        self.process = subprocess.Popen([PYTHON, os.path.join(HERE, "whole_namespace.py"), name, "store", self.path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.digest = self.answer()["digest"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise BenchError(f"{self.name}: its process has ended")
        return json.loads(line)

    def ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.answer()

    def store(self):
        return self.well(self.ask("store"))

    def reload(self):
        done = subprocess.run([PYTHON, os.path.join(HERE, "whole_namespace.py"), self.name, "reload", self.path], stdout=subprocess.PIPE, text=True, check=True)
        return self.well(json.loads(done.stdout))

    def well(self, answer):
        if answer["error"]:
            raise BenchError(f"{self.name}: {answer['error']}")
        return answer

    def with_a_generator(self):
        return self.ask("generator")["error"] or "stored"

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(rounds, folder=None):
    """All peers in turn, another one first each time; every reload is looked at."""
    folder = tempfile.mkdtemp(prefix="bench-cryo-", dir=folder)
    peers = []
    try:
        peers.append(Cryo(folder))
        peers += [Whole(name, folder) for name in ("dill", "cloudpickle")]
        found = {peer.name: [] for peer in peers}
        for number in range(rounds):
            for peer in peers[number % len(peers):] + peers[: number % len(peers)]:
                stored, loaded = peer.store(), peer.reload()
                if loaded["digest"] != peer.digest or peer.digest != peers[0].digest:
                    raise BenchError(f"{peer.name} has brought back something else: {loaded['digest']} and not {peers[0].digest}")
                found[peer.name].append({"store_ms": stored["ms"], "reload_ms": loaded["ms"], "mb": stored["bytes"] / 1e6})
                print(f"  {peer.name:<12}" + "  ".join(f"{key} {value:,.1f}" for key, value in found[peer.name][-1].items()), file=sys.stderr, flush=True)
        return found, {peer.name: peer.with_a_generator() for peer in peers}
    finally:
        for peer in peers:
            peer.close()
        shutil.rmtree(folder, ignore_errors=True)


def report(found, generators):
    middle = {name: {key: statistics.median(one[key] for one in rounds) for key in rounds[0]} for name, rounds in found.items()}
    times = {key: middle["dill"][key] / middle["cryo"][key] for key in ("store_ms", "reload_ms")}
    goals = [{"goal": f"{what} of 100 MB at least {TIMES} × faster than dill", "measured": f"{times[key]:.1f} ×", "met": times[key] >= TIMES}
             for what, key in (("store", "store_ms"), ("reload", "reload_ms"))]
    goes_on = "stored; left out: unfinished" in generators["cryo"].replace(" variables", "") and generators["dill"] != "stored"
    goals.append({"goal": "goes on where dill fails as a whole", "measured": "yes" if goes_on else "no", "met": goes_on})
    return {"rounds": found, "medians": middle, "generators": generators, "goals": goals}


def markdown(data):
    names = list(data["medians"])
    rows = [[text, *(f"{data['medians'][name][key]:,.0f}" for name in names), *(f"{data['medians'][name][key] / data['medians']['cryo'][key]:.1f} ×" for name in names[1:])]
            for key, text in (("store_ms", "store, ms"), ("reload_ms", "reload into a new process, ms"), ("mb", "file, MB"))]
    about = "".join(f"- **{name}**: {text}\n" for name, text in ABOUT.items())
    return f"""{about}
A namespace of 100 MB: arrays, a data frame, 1.5 million texts, a table, objects of a class; medians of {len(data['rounds']['cryo'])} rounds in turn.

{results.table(['', *names, *(f'{name} / cryo' for name in names[1:])], rows)}
With a generator in it: {'; '.join(f'**{name}**: {text}' for name, text in data['generators'].items())}.

{results.goals_page(data['goals'])}"""


def main():
    about = machine.machine()
    data = report(*measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
    print(f"# State in a file, {results.today()}\n\n{machine.sentence(about)}.\n\n{markdown(data)}")
    return 0 if all(goal["met"] for goal in data["goals"]) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench state: {error}")
