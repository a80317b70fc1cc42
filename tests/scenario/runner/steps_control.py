"""Steps that repeat other steps, ask until something holds, and run programs."""
import json
import os
import re
import shlex
import subprocess

from .case import check_operations
from .checks import CONDITION, at_pointer, check_json, check_text
from .language import step
from .setup import node_modules, require
from .steps_expect import POINTER
from .steps_send import raw_bytes
from .text import Failure, parse_time, quoted

MANY = "many"


def run_all(case, steps, variables):
    case.variables.update(variables)
    for inner in steps:
        case.run_step(inner)


@step(r"repeat (?P<count>\S+)", block="steps")
def repeat(case, step, words):
    """{{i}} counts from 1."""
    for i in range(1, int(words["count"]) + 1):
        run_all(case, step.steps, {"i": i})


@step(r"(?P<count>\d+) connections(?: named (?P<name>[A-Za-z]\w*))?", block="steps")
def connections(case, step, words):
    """Each step is done by all connections before the next one begins, so that all of them wait at once."""
    previous, base = case.connection, words["name"] or MANY
    try:
        for inner in step.steps:
            for i in range(1, int(words["count"]) + 1):
                case.connection = f"{base}-{i}"
                run_all(case, [inner], {"i": i})
    finally:
        case.connection = previous


@step(r"with each of (?P<values>.+)", block="steps")
def with_each(case, step, words):
    """{{each}} is each of the words in turn; what is in double quotes may have spaces and escapes."""
    for value in re.findall(r'"(?:[^"\\]|\\.)*"|\S+', words["values"]):
        value = quoted(value) if value.startswith('"') else value
        run_all(case, step.steps, {"each": value})


@step(r"for every operation(?: where (?P<field>scope|kind|name) is (?P<negate>not )?(?P<values>.+))?", block="steps")
def for_every(case, step, words):
    rows = check_operations(case.request("GET", "/operations").json())
    values = (words["values"] or "").split(" or ")
    chosen = [row for row in rows if not words["field"] or (row[words["field"]] in values) != bool(words["negate"])]
    if not chosen:
        raise Failure("no operation of the table is like that")
    for row in chosen:
        path = "/".join("x" if part.startswith("{") else part for part in row["path"].split("/"))
        try:
            run_all(case, step.steps, {f"op.{k}": v for k, v in row.items() if isinstance(v, str)} | {"op.path": path})
        except Failure as failure:
            failure.detail = f"with the operation {row['name']} ({row['method']} {row['path']})\n{failure.detail}"
            raise


@step(rf"until GET (?P<target>\S+) {POINTER} (?:{CONDITION})(?: within (?P<time>\S+))?")
def until_json(case, _step, words):
    value = words["value"]
    seconds = parse_time(words["time"]) if words["time"] else 5.0
    if value and " within " in value and not words["time"]:
        words["value"], _, limit = value.rpartition(" within ")
        seconds = parse_time(limit)

    def attempt():
        answer = case.request("GET", words["target"])
        check_json(words["pointer"], at_pointer(answer.json(), words["pointer"]), words)
    case.eventually(attempt, seconds)


@step(r"until (?P<method>GET|POST) (?P<target>\S+)(?: (?P<json>[\[{].*))? answers (?P<status>\d+)")
def until_status(case, _step, words):
    body = (words["json"] or "").encode()

    def attempt():
        headers = ["Content-Type: application/json"] if body else []
        answer = case.request(words["method"], words["target"], headers, body)
        if answer.status != int(words["status"]):
            raise Failure(f"{words['method']} {words['target']} still answers {answer.status}", answer.shown())
    case.eventually(attempt, 10)


@step(r"until this holds(?: within (?P<time>\S+))?", block="steps")
def until_this(case, step, words):
    case.eventually(lambda: run_all(case, step.steps, {}), parse_time(words["time"] or "5s"))


@step(r"then alive")
def then_alive(case, _step, _words):
    case.check_alive()


@step(r"timeout (?P<time>\S+)")
def set_timeout(case, _step, words):
    case.timeout = parse_time(words["time"]) * (3 if case.asan else 1)


@step(r"needs (?P<what>.+)")
def needs(case, _step, words):
    require(words["what"])
    kind, _, name = words["what"].partition(" ")
    if kind == "npm":
        case.variables["node_modules"] = node_modules(name)


# ---- programs ----

@step(r"run (?P<words>.+)", block="lines")
def run(case, step, words):
    """What is indented below is the program's standard input."""
    command = shlex.split(words["words"])
    if command[0] == "berth":
        command[0] = case.variables["berth"]
    env = {"PATH": os.environ["PATH"], "HOME": case.variables["tmp"], "LANG": "C.UTF-8"}
    env.update({k: os.environ[k] for k in os.environ if k.endswith("SAN_OPTIONS")})
    if "node_modules" in case.variables:
        env["NODE_PATH"] = case.variables["node_modules"]
    while "=" in command[0]:
        name, _, value = command.pop(0).partition("=")
        env[name] = value
    try:
        case.ran = subprocess.run(command, input=raw_bytes(case, step.line.children, "\n"), capture_output=True,
                                  env=env, cwd=case.variables["tmp"], timeout=case.timeout * 3, check=False)
    except FileNotFoundError:
        raise Failure(f"there is no program {command[0]}") from None
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{words['words'].split()[0]} did not end", f"{error.stdout!r}\n{error.stderr!r}") from None


def ran(case):
    if case.ran is None:
        raise Failure("nothing was run yet")
    return case.ran


def shown(done):
    return f"stdout:\n{done.stdout.decode(errors='replace')}\nstderr:\n{done.stderr.decode(errors='replace')}"


@step(r"expect exit (?P<code>\d+)")
def expect_exit(case, _step, words):
    if ran(case).returncode != int(words["code"]):
        raise Failure(f"it ended with {case.ran.returncode}; expected {words['code']}", shown(case.ran))


@step(rf"expect (?P<stream>stdout|stderr) json {POINTER} (?:{CONDITION})")
def expect_output_json(case, _step, words):
    text = getattr(ran(case), words["stream"])
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Failure(f"{words['stream']} is no JSON: {error}", shown(case.ran)) from None
    check_json(words["pointer"], at_pointer(document, "" if words["pointer"] == '""' else words["pointer"]), words)


@step(rf"expect (?P<stream>stdout|stderr) (?:{CONDITION})")
def expect_output(case, _step, words):
    try:
        check_text(words["stream"], getattr(ran(case), words["stream"]).decode("utf-8", "replace"), words)
    except Failure as failure:
        failure.detail = shown(case.ran)
        raise


@step(r"save (?P<name>\w+) = (?P<stream>stdout|stderr)(?: ~ (?P<pattern>\".*\"))?")
def save_output(case, _step, words):
    """The whole output without its last line end, or the first group of a pattern."""
    text = getattr(ran(case), words["stream"]).decode("utf-8", "replace").rstrip("\n")
    if words["pattern"]:
        match = re.search(quoted(words["pattern"]), text)
        if not match:
            raise Failure(f"{words['stream']} has nothing like {words['pattern']}", shown(case.ran))
        text = match.group(1)
    case.variables[words["name"]] = text
