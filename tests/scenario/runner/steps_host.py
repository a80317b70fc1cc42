"""Steps about the host's process, its log, its memory and its files."""
import json
import os
import re
import signal
import stat

from .case import files_like
from .checks import CONDITION, at_pointer, check_json, check_text
from .host import MemoryWatch, describe
from .language import step
from .steps_send import raw_bytes
from .text import CaseError, Failure, expand, parse_size, parse_time, quoted


@step(r"signal (?P<name>TERM|HUP|KILL|INT)")
def send_signal(case, _step, words):
    case.host.process.send_signal(getattr(signal, f"SIG{words['name']}"))
    case.expects_end = words["name"] != "HUP"


@step(r"expect host (?:exit (?P<code>\d+)|killed)(?: within (?P<time>\S+))?")
def expect_host_exit(case, _step, words):
    code = case.host.wait(parse_time(words["time"]) if words["time"] else case.timeout)
    wanted = int(words["code"]) if words["code"] else -signal.SIGKILL
    if code != wanted:
        raise Failure(f"the host ended with {describe(code)}; expected {describe(wanted)}", case.host.log_tail())


@step(r"expect host ended within (?P<time>\S+)")
def expect_host_ended(case, _step, words):
    """With whatever exit code."""
    case.host.wait(parse_time(words["time"]))


@step(r"start host")
def start_host(case, _step, _words):
    if case.host.running():
        raise Failure("the host runs already")
    case.host.start(case.timeout)
    case.expects_end = False


@step(r"expect log (?:contains (?P<text>\".*\")|~ (?P<pattern>\".*\"))")
def expect_log(case, _step, words):
    condition = {"op": "contains" if words["text"] else "~", "value": words["text"] or words["pattern"], "is": None}

    def attempt():
        try:
            check_text("log", case.host.log_text(case.log_start), condition)
        except Failure:
            raise Failure(f"the log says nothing like {condition['value']}", case.host.log_tail()) from None
    case.eventually(attempt)


@step(r"expect log lacks (?P<text>\".*\")")
def expect_log_lacks(case, _step, words):
    if quoted(words["text"]) in case.host.log_text(case.log_start):
        raise Failure(f"the log has {words['text']}", case.host.log_tail())


# ---- memory ----

@step(r"watch memory")
def watch_memory(case, _step, _words):
    case.host.memory = MemoryWatch(case.host)


@step(r"expect memory growth < (?P<size>\S+)")
def expect_growth(case, _step, words):
    growth, most = case.host.memory.growth(), parse_size(words["size"])
    case.notes.append(f"memory grew by {growth / (1 << 20):.1f} MiB")
    if growth >= most and not case.asan:  # a sanitizer keeps what was freed
        raise Failure(f"the host's memory grew by {growth >> 20} MiB; expected less than {most >> 20} MiB")


@step(r"expect memory < (?P<size>\S+)")
def expect_memory(case, _step, words):
    now, most = case.host.resident(), parse_size(words["size"])
    if now >= most and not case.asan:
        raise Failure(f"the host takes {now / (1 << 20):.1f} MiB; expected less than {most / (1 << 20):.1f} MiB")


# ---- files ----

@step(r"write (?P<path>\S+)", block="lines")
def write(case, step, words):
    """Here a line that starts with | ends with a line feed alone."""
    with open(words["path"], "wb") as file:
        file.write(raw_bytes(case, step.line.children, "\n"))


@step(r"create (?P<path>\S+) of (?P<size>\S+)")
def create(_case, _step, words):
    with open(words["path"], "wb") as file:
        file.truncate(parse_size(words["size"]))


@step(r"fill disk (?P<path>\S+)(?: but (?P<size>\S+))?")
def fill_disk(_case, _step, words):
    """Leaves that much room on the file system of the path."""
    room = os.statvfs(words["path"])
    left = room.f_bavail * room.f_frsize - parse_size(words["size"] or "0")
    if left > 1 << 30:
        raise Failure("this disk is too big to fill; use `disk SIZE` in setup.txt")
    with open(os.path.join(words["path"], "ballast"), "wb") as file:
        file.write(bytes(max(0, left)))


@step(r"remove (?P<path>\S+)")
def remove(_case, _step, words):
    os.remove(words["path"])


@step(r"expect no file (?P<pattern>\S+)")
def expect_no_file(case, _step, words):
    def attempt():
        found = files_like(words["pattern"])
        if found:
            raise Failure(f"there is {', '.join(found[:5])}")
    case.eventually(attempt)


@step(r"expect file (?P<pattern>\S+)(?: mode (?P<mode>\d+))?")
def expect_file(case, _step, words):
    def attempt():
        found = files_like(words["pattern"])
        if not found:
            raise Failure(f"there is no file {words['pattern']}")
        mode = stat.S_IMODE(os.stat(found[0]).st_mode)
        if words["mode"] and mode != int(words["mode"], 8):
            raise Failure(f"the mode of {found[0]} is {mode:04o}; expected {words['mode']}")
    case.eventually(attempt)


@step(rf"expect file (?P<path>\S+) (?:{CONDITION})")
def expect_file_text(case, _step, words):
    def attempt():
        with open(words["path"], encoding="utf-8", errors="surrogateescape") as file:
            check_text(words["path"], file.read(), words)
    case.eventually(attempt)


def json_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
    except FileNotFoundError:
        raise Failure(f"there is no file {path}") from None
    rows = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise Failure(f"{path}:{number} is no JSON: {error}", line[:500]) from None
    if lines[-1]:
        raise Failure(f"{path} ends within a line", lines[-1][:500])
    return rows


@step(r"expect lines of (?P<path>\S+) are json")
def expect_json_lines(case, _step, words):
    case.eventually(lambda: json_lines(words["path"]))


@step(r"expect (?P<no>no )?line of (?P<path>\S+) where", block="lines")
def expect_line(case, step, words):
    """Each line below is a pointer and a condition; one line of the file must meet them all."""
    wanted = []
    for line in step.line.children:
        match = re.fullmatch(rf"(?P<pointer>/\S*) (?:{CONDITION})", line.text)
        if not match:
            raise CaseError(line, "expected a JSON pointer and a condition, such as /status == 200")
        wanted.append({k: expand(v, line, case.variables) for k, v in match.groupdict().items()})

    def attempt():
        rows = json_lines(words["path"])
        good = [row for row in rows if fits(row, wanted)]
        if bool(good) == bool(words["no"]):
            tail = "\n".join(json.dumps(row) for row in rows[-5:])
            count = "a" if words["no"] else "no"
            raise Failure(f"{count} line of {words['path']} is like that", f"its last lines:\n{tail}")
    case.eventually(attempt)


def fits(row, wanted):
    try:
        for condition in wanted:
            check_json(condition["pointer"], at_pointer(row, condition["pointer"]), condition)
        return True
    except Failure:
        return False
