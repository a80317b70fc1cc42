"""What is compared, behind one face: each call returns {"ms": [...], "values": [...]}, of files {"ms", "sizes", "last"}."""
import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from kit import hosts, machine
from kit.client import Http
from kit.processes import BenchError, Server, before_exec, built, memory_of

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = os.environ.get("NODE_PATH") or os.path.join(HERE, "../../../build/npm/node_modules")
NODE = os.path.join(MODULES, "node-22/bin/node")
CHROMIUM = "/usr/lib/chromium/chromium"
WIDTH, HEIGHT = 1280, 800
LONG = 300  # seconds, where many pages at once may take long
NO_SANDBOX = ["--no-sandbox"] if os.getuid() == 0 else []
WHOLE, BRIEF = 1_000_000, 4000  # bytes of a snapshot: all of it; what comes unless more is asked for
ABOUT = {
    "berth": "`berth serve`, the browser plugin in its process: HTTP, token, schema check, policy, audit line; request log off. Its Chromium is in a jail, "
             "its own sandbox on, every request of a page through the host's proxy",
    "playwright": "playwright-core, in node 22, `page.…` as documented; its snapshot is `page.ariaSnapshot({ mode: 'ai' })`, "
                  "which is what its MCP server calls",
    "puppeteer": "puppeteer-core, in node 22, over a pipe, as the others are; clicks by `page.locator(…).click()`, which waits; pictures with "
                 "`optimizeForSpeed`; its snapshot (`page.accessibility.snapshot()` as JSON) has no refs",
}


class Host(hosts.Berth):
    """With the browser plugin, or, to know what that one costs, without."""

    def __init__(self, folder, site=None):
        self.site = site
        super().__init__(folder, probe=False)

    def config_text(self, probe):
        text = super().config_text(probe) + "sessions { most = 100 }\n"
        if self.site:
            built("lib", "berth", "plugins", "browser.so")
            text += (f'plugin "browser" {{ process = "host", config = {{ width = {WIDTH}, height = {HEIGHT} }}, '
                     f'services = {{ "process", "events", "workspace" }}, '
                     f'jail = {{ allow = {{ {{ "127.0.0.1:{self.site}", own = true }} }} }} }}\n')
        return text


def parents():
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    found[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def below(pid):
    """All processes that come from it, and the words that each was started with."""
    by, found = parents(), {}
    for one in by:
        up = one
        while up in by and up != pid:
            up = by[up]
        if up == pid and one != pid:
            with contextlib.suppress(OSError), open(f"/proc/{one}/cmdline", "rb") as file:
                found[one] = file.read().split(b"\0")
    return found


def controller(pid):
    """RSS of what controls a browser: its own process, and those that a host keeps jails with. Pages that they share count for each."""
    helpers = [one for one, words in below(pid).items() if words[0].startswith(b"berth")]
    return sum(memory_of(one) for one in [pid, *helpers])


def each(list_, call):
    found = {"ms": [], "values": []}
    for one in list_:
        ms, value = call(one)
        found["ms"].append(ms)
        found["values"].append(value)
    return found


def files(found):
    return {"ms": found["ms"], "sizes": [len(one) for one in found["values"]], "last": found["values"][-1]}


class Berth:
    name = "berth"

    def __init__(self, host):
        self.host, self.pid = host, host.pid
        self.http = Http(host.port, "Bearer " + host.token())

    def wake(self):
        """A new connection: the last one may have been left alone for longer than the host likes."""
        self.http.close()
        self.http = Http(self.host.port, "Bearer " + self.host.token())

    def post(self, what, **body):
        return self.http.timed("POST", f"/browser/{what}", body)

    def go(self, url):
        self.post("navigate", url=url)

    def evaluate(self, list_):
        return each(list_, lambda one: self.value(self.post("evaluate", expression=one)))

    @staticmethod
    def value(found):
        return found[0], found[1]["value"]

    def click(self, list_):
        return each(list_, lambda one: self.post("click", selector=one))

    def navigate(self, list_):
        def one(url):
            ms, _ = self.post("navigate", url=url)
            return ms, self.post("evaluate", expression='document.readyState + " " + document.title')[1]["value"]
        return each(list_, one)

    def picture(self, list_):
        return files(each(list_, lambda kind: self.http.timed("GET", f"/browser/screenshot?type={kind}&quality=80")))

    def pdf(self, list_):
        return files(each(list_, lambda _: self.http.timed("GET", "/browser/pdf")))

    def snapshot(self, list_, most=WHOLE):
        def one(_):
            ms, answer = self.http.timed("GET", f"/browser/snapshot?max_bytes={most}")
            return ms, answer["snapshot"]["text"]
        return each(list_, one)

    def one_context(self, url, seen):
        http = Http(self.host.port, "Bearer " + self.host.token())
        try:
            path = http.ask("POST", "/sessions", {})["path"]
            http.ask("POST", f"{path}/browser/navigate", {"url": url, "timeout": LONG})
            seen.append(http.ask("POST", f"{path}/browser/evaluate", {"expression": "document.title", "timeout": LONG})["value"])
            http.ask("DELETE", path)
        except BenchError as error:
            seen.append(str(error))
        finally:
            http.close()

    def contexts(self, many, url):
        seen = []
        threads = [threading.Thread(target=self.one_context, args=(url, seen)) for _ in range(many)]
        began = time.perf_counter()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return {"ms": [(time.perf_counter() - began) * 1000], "values": [seen]}


class Library:
    """A driver in node, told over its stdin."""

    def __init__(self, name):
        self.name, self.log = name, tempfile.TemporaryFile()
        told = {"program": CHROMIUM, "args": NO_SANDBOX, "width": WIDTH, "height": HEIGHT, "long": LONG * 1000}
        env = {"PATH": os.environ.get("PATH", ""), "HOME": tempfile.gettempdir(), "NODE_PATH": MODULES, "NODE_ENV": "production", "LANG": "C.UTF-8"}
        self.process = subprocess.Popen([NODE, os.path.join(HERE, name + ".cjs"), json.dumps(told)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True, env=env, preexec_fn=before_exec(None))
        self.pid = self.process.pid
        self.hear()

    def hear(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it has ended"}
        if "error" in answer:
            self.log.seek(0)
            raise BenchError(f"{self.name}: {answer['error']}\n{self.log.read()[-3000:].decode('utf-8', 'replace')}")
        return answer

    def wake(self):
        """It needs nothing."""

    def ask(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def evaluate(self, list_):
        return self.ask("evaluate", list=list_)

    def click(self, list_):
        return self.ask("click", list=list_)

    def navigate(self, list_):
        return self.ask("navigate", list=list_)

    def snapshot(self, list_):
        return self.ask("snapshot", list=list_)

    def go(self, url):
        self.ask("go", url=url)

    def file(self, what, list_):
        found = self.ask(what, list=list_)
        return {**found, "last": base64.b64decode(found["last"])}

    def picture(self, list_):
        return self.file("picture", list_)

    def pdf(self, list_):
        return self.file("pdf", list_)

    def contexts(self, many, url):
        return self.ask("contexts", many=many, url=url)

    def end(self):
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # it ends its browser, and then itself
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@contextlib.contextmanager
def start():
    """The pages' address, the host without the plugin, and the peers."""
    for path in (NODE, CHROMIUM, *(os.path.join(MODULES, name + "-core") for name in ("playwright", "puppeteer"))):
        if not os.path.exists(path):
            raise BenchError("the browser or its peers are not here: scripts/setup --with browser,test installs them")
    with contextlib.ExitStack() as stack:
        folder = lambda: stack.enter_context(tempfile.TemporaryDirectory(prefix="berth-bench-", ignore_cleanup_errors=True))  # noqa: E731
        site = Server("pages", [sys.executable, "-B", os.path.join(HERE, "pages.py")])
        stack.callback(site.end)
        without = Host(folder())
        stack.callback(without.end)
        host = Host(folder(), site.port)
        stack.callback(host.end)
        libraries = []
        for name in ("playwright", "puppeteer"):
            libraries.append(Library(name))
            stack.callback(libraries[-1].end)
        yield f"http://127.0.0.1:{site.port}", without, [Berth(host), *libraries]


def versions():
    done = subprocess.run([built("bin", "berth"), "version"], capture_output=True, text=True, check=False)
    found = {"berth": done.stdout.strip().removeprefix("berth "), "chromium": machine.package("chromium"),
             "node": subprocess.run([NODE, "--version"], capture_output=True, text=True, check=False).stdout.strip()}
    for name in ("playwright-core", "puppeteer-core"):
        found[name] = machine.first_match(os.path.join(MODULES, name, "package.json"), r'"version": "(.*)"')
    return found
