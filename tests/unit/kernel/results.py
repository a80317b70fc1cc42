"""What the driver reads: a pipe cut at its marks, and all that came of one request."""
import os


class Pipe:
    """One of the two pipes, cut at the marks."""

    LENGTH = 51

    def __init__(self, fd, token):
        self.fd = fd
        self.begin = b"\x1e" + token + b":"
        self.number = 0
        self.rest = b""
        os.set_blocking(fd, False)

    def read(self):
        """Pieces (number, bytes) of what is there now."""
        while True:
            try:
                data = os.read(self.fd, 1 << 18)
            except BlockingIOError:
                break
            if not data:
                break
            yield from self._cut(data)

    def _cut(self, data):
        data = self.rest + data
        self.rest = b""
        while True:
            at = data.find(self.begin)
            if at < 0:
                keep = self._partial(data)
                self.rest = data[len(data) - keep :]
                data = data[: len(data) - keep]
                break
            if len(data) - at < self.LENGTH:
                self.rest, data = data[at:], data[:at]
                break
            if at:
                yield self.number, data[:at]
            self.number = int(data[at + 34 : at + 50], 16)
            data = data[at + self.LENGTH :]
        if data:
            yield self.number, data

    def take_rest(self):
        """Marks are written whole and before the event that they belong to: what looks like half of one at a cell's end is data."""
        rest, self.rest = self.rest, b""
        return rest

    def _partial(self, data):
        """How many bytes at the end could be the beginning of a mark."""
        at = data.rfind(b"\x1e")
        return len(data) - at if at >= 0 and self.begin.startswith(data[at:]) else 0


class Result:
    def __init__(self):
        self.events = []
        self.done = None

    def _text(self, name):
        return b"".join(event["data"] for event in self.events if event["event"] == name).decode("utf-8", "replace")

    stdout = property(lambda self: self._text("stdout"))
    stderr = property(lambda self: self._text("stderr"))
    status = property(lambda self: self.done["status"])
    error = property(lambda self: self.done["error"])

    def of(self, name):
        return [event for event in self.events if event["event"] == name]

    @property
    def result(self):
        found = self.of("result")
        return found[-1]["data"].get("text/plain") if found else None

    def order(self):
        """The events' names and texts, neighbours of one stream joined."""
        found = []
        for event in self.events:
            if event["event"] in ("stdout", "stderr"):
                text = event["data"].decode()
                if found and found[-1][0] == event["event"]:
                    found[-1] = (event["event"], found[-1][1] + text)
                else:
                    found.append((event["event"], text))
            else:
                found.append((event["event"], (event.get("data") or {}).get("text/plain")))
        return found
