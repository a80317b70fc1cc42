"""Finds scenarios and runs them: one host for a folder, one case for each text file in it."""
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field

from . import steps_control, steps_expect, steps_host, steps_send  # noqa: F401 - they register their steps
from .case import Case
from .beside import Beside
from .host import Host, mount_small_disk, remove, unmount
from .language import compile_lines
from .setup import load_setup, plugin_lines, probe_process, write_config
from .text import CaseError, Failure, Skip, read_lines
from .tls import make_certificates


@dataclass
class Options:
    berth: str
    plugins: list
    root: str
    asan: bool = False
    keep: bool = False
    long: bool = False
    say: object = print


@dataclass
class Tally:
    passed: int = 0
    failed: list = field(default_factory=list)
    skipped: list = field(default_factory=list)  # (name, reason)


def find(root, wanted):
    """{folder: [case files]} for names such as `edge`, `edge/heads`, `edge/heads/slashes`."""
    found = {}
    for name in wanted or rooms(root):
        before = len(found)
        path = os.path.join(root, name)
        if os.path.isfile(path + ".txt"):
            found.setdefault(os.path.dirname(path), []).append(os.path.basename(path) + ".txt")
            continue
        for folder, _, files in sorted(os.walk(path)):
            cases = sorted(f for f in files if f.endswith(".txt") and f != "setup.txt")
            if cases:
                found[folder] = cases
        if len(found) == before:
            raise SystemExit(f"no scenario {name}; `run.py --list` shows them")
    return found


def rooms(root):
    folders = [entry.name for entry in os.scandir(root) if entry.is_dir()]
    return sorted(set(folders) - {"runner", "selftest", "__pycache__"})


class Folder:
    """A folder's host and its cases."""

    def __init__(self, folder, cases, options, tally):
        self.folder, self.cases, self.options, self.tally = folder, cases, options, tally
        self.name = os.path.relpath(folder, options.root)
        self.tmp = tempfile.mkdtemp(prefix="berth-scenario-")
        self.setup = load_setup(folder, self.name, options.asan)
        self.host = self.beside = None

    def run(self):
        try:
            compiled = {case: self.compile(case) for case in self.cases}
            if self.setup.skips:
                for case in self.cases:
                    self.skip(case, "; ".join(self.setup.skips))
                return
            self.prepare()
            for case in self.cases:
                self.run_case(case, compiled[case])
            self.end()
        finally:
            self.clean()

    def compile(self, case):
        return compile_lines(read_lines(os.path.join(self.folder, case), f"{self.name}/{case}"))

    def variables(self):
        tmp = self.tmp
        return {"tmp": tmp, "state": f"{tmp}/state", "here": os.path.abspath(self.folder), "tls": f"{tmp}/tls",
                "berth": self.options.berth, "config": f"{tmp}/berth.lua", "token_file": f"{tmp}/token",
                "log": f"{tmp}/host.log", "audit": f"{tmp}/state/audit.log",
                "plugins": self.options.plugins[0] if self.options.plugins else "",
                "form": "long" if self.options.long else "short",
                "beside": self.beside.word if self.beside else "", "process": probe_process(), "config_text": plugin_lines(self.options.plugins, "").strip()}

    def prepare(self):
        os.makedirs(f"{self.tmp}/state", mode=0o700)
        if self.setup.disk:
            mount_small_disk(f"{self.tmp}/state", self.setup.disk)
        if "{{tls}}" in self.setup.config:
            make_certificates(f"{self.tmp}/tls")
        if self.setup.beside:
            self.beside = Beside(os.path.join(self.folder, self.setup.beside))
        self.setup.arguments = [a.replace("{{tmp}}", self.tmp) for a in self.setup.arguments]
        host = Host(self.options.berth, self.options.plugins, self.tmp, self.setup)
        write_config(self.setup, host, self.variables())
        self.host = host if self.setup.has_host else None

    def run_case(self, name, steps):
        started, label = time.monotonic(), self.label(name)
        case = None
        try:
            if self.host and not self.host.running():
                self.host.start(60 if self.options.asan else 20)
            case = Case(self.host, self.variables(), self.options.asan)
            for step in steps:
                case.run_step(step)
            self.afterwards(case)
        except Skip as reason:
            self.skip(name, str(reason))
        except (Failure, CaseError) as failure:
            self.fail(label, failure, case)
        except Exception as error:  # a fault of the runner's must not end the run
            self.fail(label, Failure(f"the runner failed: {error!r}"), case)
            if os.environ.get("SCENARIO_TRACE"):
                raise
        else:
            self.tally.passed += 1
            notes = "".join(f", {note}" for note in case.notes)
            self.options.say(f"ok    {label} ({(time.monotonic() - started) * 1000:.0f} ms{notes})")
        finally:
            if case:
                case.close_all()

    def afterwards(self, case):
        case.close_all()
        if not self.host:
            return
        if report := self.host.report(case.log_start):
            raise Failure("a sanitizer reported", report)
        if not case.expects_end:
            case.check_alive()

    def end(self):
        if self.host and (problem := self.host.stop(60 if self.options.asan else 20)):
            self.fail(f"{self.name} (end of the host)", Failure(problem), None)
        elif self.host and not self.tally.failed and (report := self.host.report()):
            self.fail(f"{self.name} (end of the host)", Failure("a sanitizer reported", report), None)

    def clean(self):
        if self.host:
            self.host.kill()
        if self.beside:
            self.beside.end()
        if self.setup.disk:
            unmount(f"{self.tmp}/state")
        if self.options.keep:
            self.options.say(f"kept  {self.tmp}")
        else:
            remove(self.tmp)

    def label(self, case):
        return f"{self.name}/{case[:-4]}"

    def skip(self, case, reason):
        self.tally.skipped.append((self.label(case), reason))
        self.options.say(f"SKIP: {self.label(case)}: {reason}")

    def fail(self, label, failure, case):
        self.tally.failed.append(label)
        line = getattr(failure, "line", None)
        self.options.say(f"FAIL  {label}")
        place = f"{line.place}: {line.source}" if line else "after the last step:" if case else "before the first step:"
        self.options.say(f"  {place}")
        self.options.say(f"  {failure}")
        for text in str(getattr(failure, "detail", "")).splitlines():
            self.options.say(f"  | {text}")
        if self.host and not self.host.running() and self.host.process and not (case and case.expects_end):
            self.options.say(f"  the host is dead; {self.host.log_tail()}")


def run_all(found, options):
    tally = Tally()
    for folder, cases in found.items():
        try:
            Folder(folder, cases, options, tally).run()
        except (CaseError, Failure) as error:
            tally.failed.append(folder)
            options.say(f"FAIL  {os.path.relpath(folder, options.root)}\n  {error}")
    return tally


def sanitized(program):
    """Whether the program was built with a sanitizer: it holds the name of its start function."""
    path = shutil.which(program) or program
    with open(path, "rb") as file:
        data = file.read()
    return b"__asan_init" in data or b"__tsan_init" in data
