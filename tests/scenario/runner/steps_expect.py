"""Steps that read what the host says, and compare."""
import time

from . import frames
from .answers import read_body, read_head, read_interim
from .case import check_answer, check_problem
from .checks import CONDITION, at_pointer, check_json, check_text
from .events import Events
from .language import step
from .steps_send import pattern_bytes
from .text import Failure, decode, encode, parse_size, parse_time, quoted

POINTER = r"(?P<pointer>/\S*|\"\")"


# ---- answers ----

@step(r"expect (?P<status>1\d\d)")
def expect_interim(case, _step, words):
    wire = case.known_wire()
    if words["status"] == "101":
        raise Failure("for 101 use the step `websocket`")
    answer = read_interim(wire)
    if answer.status != int(words["status"]):
        raise Failure(f"expected {words['status']}, got {answer.status}", answer.shown())


@step(r"expect (?P<status>[2-5]\d\d(?:\|[2-5]\d\d)*)(?P<head> head)?(?: (?P<code>[a-z_]+(?:\|[a-z_]+)*))?")
def expect_status(case, _step, words):
    answer = read_head(case.known_wire())
    stream = (answer.get("Content-Type") or "").startswith("text/event-stream")
    if not stream and not words["head"]:
        read_body(answer)
    if str(answer.status) not in words["status"].split("|"):
        wanted = words["status"] + (f" {words['code']}" if words["code"] else "")
        raise Failure(f"expected {wanted}, got {answer.status}", answer.shown())
    if answer.broken_off:
        raise Failure("the answer broke off before its end", answer.shown())
    if answer.interim:
        raise Failure(f"an answer {answer.interim[0].status} came before, which nobody expected")
    check_answer(answer)
    if words["code"] == "own":
        if answer.get("Content-Type") == "application/problem+json":
            raise Failure("expected the operation's own answer, got a problem", answer.shown())
    elif answer.status >= 400:
        check_problem(answer, words["code"])


@step(r"expect header (?P<name>[\w-]+): (?P<value>.*)")
def expect_header_is(case, _step, words):
    got = case.answer().get(words["name"])
    if got != words["value"]:
        raise Failure(f"the header {words['name']} is {got!r}; expected {words['value']!r}", case.answer().shown())


@step(rf"expect header (?P<name>[\w-]+) (?:{CONDITION})")
def expect_header(case, _step, words):
    check_text(f"header {words['name']}", case.answer().get(words["name"]), words)


@step(r"expect no header (?P<name>[\w-]+)")
def expect_no_header(case, _step, words):
    got = case.answer().get(words["name"])
    if got is not None:
        raise Failure(f"there is a header {words['name']}: {got}", case.answer().shown())


@step(rf"expect json {POINTER} (?:{CONDITION})")
def expect_json(case, _step, words):
    answer = case.answer()
    pointer = "" if words["pointer"] == '""' else words["pointer"]
    try:
        check_json(pointer or "the body", at_pointer(answer.json(), pointer), words)
    except Failure as failure:
        failure.detail = failure.detail or answer.shown()
        raise


@step(r"expect body size == (?P<size>\S+)")
def expect_size(case, _step, words):
    size = len(case.answer().plain_body())
    if size != parse_size(words["size"]):
        raise Failure(f"the body has {size} bytes; expected {parse_size(words['size'])}", case.answer().shown(300))


@step(r"expect body pattern from (?P<start>\d+)")
def expect_pattern(case, _step, words):
    body = case.answer().plain_body()
    if body != pattern_bytes(int(words["start"]), len(body)):
        raise Failure(f"the body is not the pattern from byte {words['start']}", repr(body[:80]))


@step(r"expect body smaller than (?P<size>\S+) on the wire")
def expect_compressed(case, _step, words):
    size = len(case.answer().body)
    if size >= parse_size(words["size"]):
        raise Failure(f"the body took {size} bytes on the wire")


@step(rf"expect body (?:{CONDITION})")
def expect_body(case, _step, words):
    check_text("body", decode(case.answer().plain_body()), words)


# ---- what happens to the connection ----

@step(r"expect closed(?P<anything> after anything)?(?: within (?P<time>\S+))?")
def expect_closed(case, _step, words):
    wire = case.known_wire()
    if words["time"]:
        wire.deadline = time.monotonic() + parse_time(words["time"])
    try:
        while wire.fill():
            pass
    except Failure:
        raise Failure("the host keeps the connection open") from None
    if wire.inbox and not words["anything"]:
        raise Failure("more bytes came before the host closed the connection", repr(bytes(wire.inbox[:500])))


@step(r"expect open")
def expect_open(case, _step, _words):
    wire = case.known_wire()
    wire.receive()
    if wire.ended:
        raise Failure(f"the host {wire.ended} the connection {wire.end_reason}")


@step(r"expect no answer within (?P<time>\S+)")
def expect_silence(case, _step, words):
    wire = case.known_wire()
    wire.deadline = time.monotonic() + parse_time(words["time"])
    try:
        ended = not wire.inbox and not wire.fill()
    except Failure:
        return
    what = f"the host {wire.ended} the connection" if ended else "the host answered"
    raise Failure(what, repr(bytes(wire.inbox[:300])))


@step(r"expect broken off")
def expect_broken_off(case, _step, _words):
    answer = case.answer()
    case.known_wire()
    read_body(answer)
    if not answer.broken_off:
        raise Failure("the answer ended in good order", answer.shown(300))


# ---- event streams ----

def events_of(case):
    answer = case.answer()
    case.known_wire()
    if answer.events is None:
        answer.events = Events(answer)
    return answer.events


@step(r"next event(?: (?P<name>\".*\"))?")
def next_event(case, _step, words):
    events = events_of(case)
    while (event := events.next()) is not None and event.comment is not None:
        pass
    case.known_wire().event = event
    if event is None:
        raise Failure("the stream " + ("broke off" if case.answer().broken_off else "ended"))
    if words["name"] and event.name != quoted(words["name"]):
        raise Failure(f"expected the event {words['name']}, got \"{event.name}\"", event.data[:500])


@step(r"next comment")
def next_comment(case, _step, _words):
    """Passes over events."""
    events = events_of(case)
    while (event := events.next()) is not None and event.comment is None:
        pass
    if event is None:
        raise Failure("the stream ended without a comment")


@step(r"expect end of stream")
def expect_end(case, _step, _words):
    event = events_of(case).next()
    if event is not None:
        raise Failure("the stream goes on", f"{event}")
    if case.answer().broken_off:
        raise Failure("the stream broke off instead of ending")


@step(r"expect retry (?P<value>\d+)")
def expect_retry(case, _step, words):
    got = events_of(case).retry
    if got != int(words["value"]):
        raise Failure(f"the stream's retry is {got}; expected {words['value']}")


def last_event(case):
    event = getattr(case.known_wire(), "event", None)
    if event is None:
        raise Failure("no event was read yet; `next event` reads one")
    return event


@step(rf"expect event data {POINTER} (?:{CONDITION})")
def expect_event_data(case, _step, words):
    check_json(f"the event's {words['pointer']}", at_pointer(last_event(case).json(), words["pointer"]), words)


@step(rf"expect event (?P<part>id|name|data) (?:{CONDITION})")
def expect_event_part(case, _step, words):
    check_text(f"event's {words['part']}", getattr(last_event(case), words["part"]), words)


# ---- WebSocket ----

@step(r"expect ws (?P<kind>text|binary|ping|pong)(?: (?P<text>\".*\"))?")
def expect_ws(case, _step, words):
    kind, payload = frames.read_message(case.known_wire(), words["kind"])
    if kind != words["kind"]:
        raise Failure(f"expected a {words['kind']}, got a {kind}", repr(payload[:300]))
    if words["text"] and payload != encode(quoted(words["text"])):
        raise Failure(f"the {kind} differs from what was expected", f"{len(payload)} bytes: {payload[:200]!r}")


@step(r"expect ws close (?P<code>\d+)(?: (?P<text>\".*\"))?")
def expect_ws_close(case, _step, words):
    """Messages before it are passed over."""
    kind, payload = frames.read_message(case.known_wire(), "close")
    while kind != "close":
        kind, payload = frames.read_message(case.known_wire(), "close")
    code = int.from_bytes(payload[:2], "big") if payload else 1005
    if code != int(words["code"]):
        raise Failure(f"the host closed with {code}; expected {words['code']}", repr(payload[2:]))
    if words["text"] and payload[2:] != encode(quoted(words["text"])):
        raise Failure(f"the close reason is {payload[2:]!r}")


# ---- keeping something for later ----

@step(rf"save (?P<name>\w+) = json {POINTER}")
def save_json(case, _step, words):
    case.variables[words["name"]] = at_pointer(case.answer().json(), words["pointer"])


@step(r"save (?P<name>\w+) = header (?P<header>[\w-]+)")
def save_header(case, _step, words):
    value = case.answer().get(words["header"])
    if value is None:
        raise Failure(f"there is no header {words['header']}", case.answer().shown())
    case.variables[words["name"]] = value


@step(r"save (?P<name>\w+) = event (?P<part>id|data)")
def save_event(case, _step, words):
    case.variables[words["name"]] = getattr(last_event(case), words["part"])


@step(r"save body to (?P<path>\S+)")
def save_body(case, _step, words):
    with open(words["path"], "wb") as file:
        file.write(case.answer().plain_body())
