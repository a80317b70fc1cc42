"""Reads HTTP answers as a strict client does: what a sloppy one would forgive is a failure here."""
import gzip
import json
import re
from dataclasses import dataclass, field

from .text import Failure

STATUS_LINE = re.compile(rb"HTTP/1\.1 (\d{3}) ([\x20-\x7e]*)")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\x20-\x7e\x80-\xff\t]*)")
WITHOUT_BODY = (204, 304)


@dataclass
class Answer:
    status: int
    reason: str
    headers: list
    method: str
    interim: list = field(default_factory=list)
    body: bytes = b""
    broken_off: bool = False
    reader: object = None
    events: object = None

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def plain_body(self):
        if self.get("Content-Encoding") == "gzip":
            try:
                return gzip.decompress(self.body)
            except (OSError, EOFError) as error:
                raise Failure(f"the gzip body cannot be read: {error}") from None
        return self.body

    def json(self):
        try:
            return json.loads(self.plain_body())
        except ValueError as error:
            raise Failure(f"the body is no JSON: {error}", self.shown()) from None

    def shown(self, most=1500):
        lines = [f"HTTP/1.1 {self.status} {self.reason}"] + [f"{key}: {value}" for key, value in self.headers]
        body = self.plain_body()[:most].decode("utf-8", "replace")
        return "\n".join(lines + ["", body])


def read_head(wire):
    interim = []
    while True:
        answer = parse_head(take_head(wire))
        if answer.status >= 200 or answer.status == 101:
            break
        interim.append(answer)
    answer.interim = interim
    answer.method = wire.asked.popleft() if wire.asked else "GET"
    answer.reader = body_reader(wire, answer)
    wire.answer = answer
    return answer


def read_interim(wire):
    return parse_head(take_head(wire))


def take_head(wire):
    while (end := wire.inbox.find(b"\r\n\r\n")) < 0:
        if len(wire.inbox) > 1 << 20:
            raise Failure("an answer's head of over 1 MiB")
        if not wire.fill():
            raise Failure(f"the host {wire.ended} the connection without a whole answer",
                          f"it sent {bytes(wire.inbox[:300])!r}")
    head = bytes(wire.inbox[:end])
    del wire.inbox[:end + 4]
    return head


def parse_head(head):
    first, *rest = head.split(b"\r\n")
    match = STATUS_LINE.fullmatch(first)
    if not match:
        raise Failure(f"no HTTP status line: {first[:200]!r}")
    headers = []
    for line in rest:
        parts = FIELD.fullmatch(line)
        if not parts:
            raise Failure(f"no HTTP header line: {line[:200]!r}")
        headers.append((parts[1].decode("latin-1"), parts[2].decode("latin-1").strip()))
    return Answer(int(match[1]), match[2].decode(), headers, "GET")


def body_reader(wire, answer):
    lengths, codings = answer.all("Content-Length"), answer.all("Transfer-Encoding")
    if len(lengths) > 1 or len(codings) > 1 or (lengths and codings):
        raise Failure("an answer with more than one Content-Length or Transfer-Encoding", answer.shown())
    if answer.method == "HEAD" or answer.status in WITHOUT_BODY or answer.status < 200:
        return Counted(wire, 0)
    if codings:
        return Chunked(wire)
    return Counted(wire, int(lengths[0])) if lengths else UntilClosed(wire)


class BrokenOff(Exception):
    """The connection ended inside a body."""


class Counted:
    def __init__(self, wire, left):
        self.wire, self.left = wire, left

    def piece(self):
        """More of the body, or None at its end."""
        if not self.left:
            return None
        if not self.wire.inbox and not self.wire.fill():
            raise BrokenOff()
        data = bytes(self.wire.inbox[:self.left])
        del self.wire.inbox[:len(data)]
        self.left -= len(data)
        return data


class Chunked:
    def __init__(self, wire):
        self.chunk, self.wire, self.inside, self.over = None, wire, False, False

    def piece(self):
        if not self.inside:
            self.next_chunk()
        if self.over:
            return None
        data = self.chunk.piece()
        if not self.chunk.left:
            self.inside = False
            if take_line(self.wire) != b"":
                raise Failure("a chunk that does not end with an empty line")
        return data

    def next_chunk(self):
        if self.over:
            return
        size = int(take_line(self.wire).split(b";")[0], 16)
        if size == 0:
            self.over = True
            if take_line(self.wire) != b"":
                raise Failure("an answer with trailers")
            return
        self.chunk, self.inside = Counted(self.wire, size), True


class UntilClosed:
    def __init__(self, wire):
        self.wire = wire

    def piece(self):
        if not self.wire.inbox and not self.wire.fill():
            return None
        data = bytes(self.wire.inbox)
        self.wire.inbox.clear()
        return data


def take_line(wire):
    while (end := wire.inbox.find(b"\r\n")) < 0:
        if not wire.fill():
            raise BrokenOff()
    line = bytes(wire.inbox[:end])
    del wire.inbox[:end + 2]
    return line


def next_piece(answer):
    try:
        return answer.reader.piece()
    except BrokenOff:
        answer.broken_off = True
        return None


def read_body(answer, most=None):
    pieces, size = [answer.body], len(answer.body)
    while most is None or size < most:
        piece = next_piece(answer)
        if piece is None:
            break
        pieces.append(piece)
        size += len(piece)
    answer.body = b"".join(pieces)
