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
        self.heard, self.errors, self._last, self._news = [], [], 0, threading.Condition()
        threading.Thread(target=self._errors, daemon=True).start()
        if read:
            self.read()

    def read(self):
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            assert message["jsonrpc"] == "2.0", line
            with self._news:
                self.heard.append(message)
                self._news.notify_all()

    def _errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode())

    def line(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def send(self, method, params=None, modern=False):
        """The id of the request."""
        self._last += 1
        params = dict(params or {})
        if modern:
            params["_meta"] = {**META, **params.get("_meta", {})}
        self.line(json.dumps({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}))
        return self._last

    def tell(self, method, params=None):
        self.line(json.dumps({"jsonrpc": "2.0", "method": method, "params": params or {}}))

    def until(self, which, seconds=20):
        end = time.monotonic() + seconds
        with self._news:
            while True:
                for message in self.heard:
                    if which(message):
                        return message
                if not self._news.wait(max(0, end - time.monotonic())):
                    raise AssertionError(f"it never came; there were {self.heard[-3:]}, {self.errors[-3:]}")

    def answer(self, number, seconds=20):
        return self.until(lambda one: one.get("id") == number and "method" not in one, seconds)

    def ask(self, method, params=None, modern=False, seconds=20):
        return self.answer(self.send(method, params, modern), seconds)

    def call(self, tool, arguments=None, modern=False, seconds=20):
        return self.ask("tools/call", {"name": tool, "arguments": arguments or {}}, modern, seconds)

    def begin(self, version="2025-11-25"):
        hello = self.ask("initialize", {"protocolVersion": version, "capabilities": {"elicitation": {}},
                                        "clientInfo": {"name": "speaker", "version": "1"}})
        self.tell("notifications/initialized")
        return hello

    def end(self, seconds=10):
        self.process.stdin.close()
        return self.process.wait(seconds)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
