"""Steps that put bytes on a connection, or end it."""
import hashlib
import re
import time

from . import frames
from .answers import read_head, next_piece, read_body
from .language import step
from .text import CaseError, Failure, encode, expand, parse_size, parse_time, quoted, unescape
from .wire import PIECE

WITH_BODY = ("POST", "PUT", "PATCH")
FRAMING = {"content-length", "transfer-encoding"}
PATTERN = bytes((i * 7 + i // 251) & 255 for i in range(256 * 251))  # as probe.file makes it; repeats after this


def pattern_bytes(offset, size):
    start = offset % len(PATTERN)
    whole = PATTERN[start:] + PATTERN * (size // len(PATTERN) + 1)
    return whole[:size]


def generated(size):
    """A body of `size` bytes in pieces of a whole number of patterns."""
    block = PATTERN * (PIECE // len(PATTERN) + 1)
    while size > 0:
        yield block[:size]
        size -= len(block)


def raw_bytes(case, lines, line_end="\r\n"):
    """The bytes of the lines that start with | (a line with its end) or > (exactly this)."""
    parts = []
    for line in lines:
        mark, text = line.text[0], line.text[1:]
        text = text[1:] if text.startswith(" ") else text
        if mark not in "|>":
            raise CaseError(line, "expected a line that starts with | or >")
        text = expand(unescape(text), line, case.variables)
        parts.append(encode(text + (line_end if mark == "|" else "")))
    return b"".join(parts)


def put(case, wire, pieces):
    if case.scratch is not None:
        case.scratch.setdefault(case.connection, []).extend(pieces)
    else:
        wire.send(pieces, case.timeout)


# ---- requests ----

@step(r"token (?P<name>\S+|\".*\")")
def set_token(case, _step, words):
    case.token = quoted(words["name"]) if words["name"].startswith('"') else words["name"]
    known = ("root", "read", "run", "admin", "none")
    if words["name"][0] != '"' and case.token not in known and len(case.token) < 16:
        raise Failure(f"unknown token {case.token}; there are {', '.join(known)} and any text in quotes")


@step(r"send (?P<method>\S+) (?P<target>\S+)(?: (?P<json>[\[{].*))?", block="lines")
def send(case, step, words):
    wire = case.wire()
    wire.asked.append(words["method"])
    put(case, wire, request_pieces(case, step.line.children, words))


def request_pieces(case, lines, words):
    """Head and body of a request. Host, Authorization, Content-Type and Content-Length are added unless a line does."""
    headers, body, size, chunked = read_request_lines(case, lines)
    if words["json"]:
        body = encode(unescape_json(words["json"]))
    given = {name.lower() for name, _ in headers}
    head = [("Host", f"localhost:{case.variables['port']()}")] if "host" not in given else []
    secret = case.secret()
    if secret is not None and "authorization" not in given:
        head.append(("Authorization", f"Bearer {secret}"))
    if words["json"] and "content-type" not in given:
        head.append(("Content-Type", "application/json"))
    if chunked:
        head.append(("Transfer-Encoding", "chunked"))
    elif (body or size is not None or words["method"] in WITH_BODY) and not given & FRAMING:
        head.append(("Content-Length", str(len(body) if size is None else size)))
    text = "".join(f"{name}: {value}\r\n" for name, value in head + headers)
    first = encode(f"{words['method']} {words['target']} HTTP/1.1\r\n{text}\r\n")
    return body_pieces(case, first, body, size, chunked)


def unescape_json(text):
    return re.sub(r"\\x([0-9A-Fa-f]{2})", lambda m: unescape(m.group(0)), text)


def read_request_lines(case, lines):
    headers, raw, size, chunked = [], [], None, False
    for line in lines:
        if line.text[0] in "|>":
            raw.append(line)
            continue
        if match := re.fullmatch(r"(chunked )?body (.+)", line.text):
            chunked, size = bool(match[1]), parse_size(expand(match[2], line, case.variables))
            continue
        match = re.fullmatch(r"([^\s:]+): ?(.*)", line.text)
        if not match:
            raise CaseError(line, "expected `Name: value`, `body SIZE`, `chunked body SIZE`, or a line with | or >")
        headers.append((match[1], expand(unescape(match[2]), line, case.variables)))
    return headers, raw_bytes(case, raw), size, chunked


def body_pieces(case, first, body, size, chunked):
    digest = hashlib.sha256(body)
    case.variables.update({"sent.size": len(body) if size is None else size, "sent.sha256": digest.hexdigest()})
    if size is None:
        return [first + body]
    return big_body(case, first, size, chunked)


def big_body(case, first, size, chunked):
    yield first
    digest = hashlib.sha256()
    for piece in generated(size):
        digest.update(piece)
        yield b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    if chunked:
        yield b"0\r\n\r\n"
    case.variables["sent.sha256"] = digest.hexdigest()


@step(r"raw", block="lines")
def raw(case, step, _words):
    data = raw_bytes(case, step.line.children)
    wire = case.wire()
    wire.asked.append(encode_method(data))
    put(case, wire, [data])


@step(r"more", block="lines")
def more(case, step, _words):
    """Further bytes of a request that was begun."""
    put(case, case.known_wire(), [raw_bytes(case, step.line.children)])


@step(r"more pattern (?P<size>.+)")
def more_pattern(case, _step, words):
    put(case, case.known_wire(), generated(parse_size(words["size"])))


def encode_method(data):
    return data.split(b" ", 1)[0].decode("latin-1").strip() or "GET"


@step(r"drip (?P<count>\d+) bytes? every (?P<pause>\S+)", block="lines")
def drip(case, step, words):
    wire = case.wire()
    wire.drip(raw_bytes(case, step.line.children), int(words["count"]), parse_time(words["pause"]), 60.0)


@step(r"together", block="steps")
def together(case, step, _words):
    """What the steps below send leaves in one write for each connection."""
    case.scratch = {}
    try:
        for inner in step.steps:
            case.run_step(inner)
    finally:
        collected, case.scratch = case.scratch, None
    for name, pieces in collected.items():
        case.wires[name].send([b"".join(pieces)], case.timeout)


# ---- connections ----

@step(r"connect(?: to (?P<index>\d+))?(?P<tls> tls(?: with (?P<certificate>\w+))?)?(?P<slow> reading slowly)?")
def connect(case, _step, words):
    case.choices[case.connection] = {
        "index": int(words["index"] or 1), "secure": bool(words["tls"]), "certificate": words["certificate"],
        "receive_buffer": 4096 if words["slow"] else None}
    case.wire(fresh=True)


@step(r"connect(?: to (?P<index>\d+))? tls(?: with (?P<certificate>\w+))? is refused")
def connect_refused(case, _step, words):
    """TLS 1.3 refuses a client's certificate only after the client's side of the handshake is done."""
    try:
        wire = case.open(int(words["index"] or 1), True, words["certificate"])
    except Failure:
        return
    wire.send([b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"], case.timeout)
    while wire.fill():
        pass
    if wire.inbox:
        raise Failure("the host let this client in", repr(bytes(wire.inbox[:300])))


@step(r"hang up")
def hang_up(case, _step, _words):
    case.known_wire().hang_up()


@step(r"reset")
def reset(case, _step, _words):
    case.known_wire().reset()


@step(r"half close")
def half_close(case, _step, _words):
    case.known_wire().half_close()


@step(r"wait (?P<time>\S+)")
def wait(_case, _step, words):
    time.sleep(parse_time(words["time"]))


@step(r"read (?P<size>\S+) of the body")
def read_some(case, _step, words):
    read_body(case.answer(), parse_size(words["size"]))


@step(r"read (?P<size>\S+) of the body and forget it")
def read_forget(case, _step, words):
    answer, left = case.answer(), parse_size(words["size"])
    while left > 0:
        piece = next_piece(answer)
        if piece is None:
            raise Failure(f"the body ended {left} bytes early")
        left -= len(piece)


# ---- WebSocket ----

@step(r"websocket (?P<target>\S+)", block="lines")
def websocket(case, step, words):
    key = frames.new_key()
    wire = case.wire(fresh=True)
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    head, *_ = request_pieces(case, step.line.children, {"method": "GET", "target": words["target"], "json": None})
    wire.asked.append("GET")
    wire.send([head[:-2] + upgrade.encode() + b"\r\n"], case.timeout)
    answer = read_head(wire)
    if answer.status != 101:
        read_body(answer)
        raise Failure(f"expected 101 Switching Protocols, got {answer.status}", answer.shown())
    if answer.get("Sec-WebSocket-Accept") != frames.accept_of(key):
        raise Failure("Sec-WebSocket-Accept does not fit the key", answer.shown())


@step(r"ws (?P<kind>text|binary|ping|pong) (?P<text>\".*\")")
def ws_send(case, _step, words):
    put(case, case.known_wire(), [frames.build(frames.OPCODES[words["kind"]], encode(quoted(words["text"])))])


@step(r"ws close(?: (?P<code>[^\s\"]+))?(?: (?P<text>\".*\"))?")
def ws_close(case, _step, words):
    payload = int(words["code"]).to_bytes(2, "big") if words["code"] else b""
    payload += encode(quoted(words["text"])) if words["text"] else b""
    put(case, case.known_wire(), [frames.build(8, payload)])


@step(r"ws frame (?P<more>more )?(?P<op>\S+)(?P<bare> unmasked)?(?: rsv (?P<rsv>[0-7]))?(?: claims (?P<claims>\d+))?"
      r" (?P<text>\".*\")")
def ws_frame(case, _step, words):
    opcode = frames.OPCODES.get(words["op"])
    opcode = int(words["op"]) if opcode is None else opcode
    frame = frames.build(opcode, encode(quoted(words["text"])), not words["more"], not words["bare"],
                         int(words["rsv"] or 0), int(words["claims"]) if words["claims"] else None)
    put(case, case.known_wire(), [frame])
