"""A client of MCP that starts `berth mcp` and speaks with it in lines."""
import json
import subprocess
import threading
import time

META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
        "io.modelcontextprotocol/clientInfo": {"name": "speaker", "version": "1"}}


class Speaker:
    def __init__(self, command, read=True):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.heard, self.batches, self.errors, self._last, self._news = [], [], [], 0, threading.Condition()
        threading.Thread(target=self._errors, daemon=True).start()
        if read:
            self.read()

    def read(self):
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            messages = said if isinstance(said, list) else [said]
            assert all(one["jsonrpc"] == "2.0" for one in messages), line
            with self._news:
                self.heard += messages
                self.batches += [said] if messages is said else []
                self._news.notify_all()

    def _errors(self):
        for line in self.process.stderr:
            with self._news:
                self.errors.append(line.decode())
                self._news.notify_all()

    def line(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def send(self, method, params=None, modern=False, number=None):
        """The id of the request."""
        self._last += 1
        number = number or self._last
        params = dict(params or {})
        if modern:
            params["_meta"] = {**META, **params.get("_meta", {})}
        self.line(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        return number

    def tell(self, method, params=None):
        self.line(json.dumps({"jsonrpc": "2.0", "method": method, "params": params or {}}))

    def until(self, which, seconds=20):
        return self._until(self.heard, which, seconds)

    def until_batch(self, seconds=20):
        return self._until(self.batches, lambda _: True, seconds)

    def until_error(self, words, seconds=20):
        return self._until(self.errors, lambda line: words in line, seconds)

    def _until(self, those, which, seconds):
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for one in those:
                    if which(one):
                        return one
                if not self._news.wait(max(0, end - time.monotonic())):
                    raise AssertionError(f"it never came; there were {self.heard[-3:]}, {self.errors[-3:]}")

    def answer(self, number, seconds=20):
        return self.until(lambda one: one.get("id") == number and "method" not in one, seconds)

    def ask(self, method, params=None, modern=False, seconds=20):
        return self.answer(self.send(method, params, modern), seconds)

    def call(self, tool, arguments=None, modern=False, seconds=20):
        return self.ask("tools/call", {"name": tool, "arguments": arguments or {}}, modern, seconds)

    def changes(self):
        with self._news:
            return sum(one.get("method") == "notifications/tools/list_changed" for one in self.heard)

    def begin(self, version="2025-11-25"):
        hello = self.ask("initialize", {"protocolVersion": version, "capabilities": {"elicitation": {}},
                                        "clientInfo": {"name": "speaker", "version": "1"}})
        self.tell("notifications/initialized")
        return hello

    def resident(self):
        """Bytes that the bridge has in memory."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmRSS:"))

    def end(self, seconds=10):
        self.process.stdin.close()
        return self.process.wait(seconds)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
