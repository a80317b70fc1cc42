"""How a folder's host is set up: `berth.lua` and `setup.txt` beside the cases."""
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field

from .text import CaseError, Failure, Skip, parse_size, read_lines

NAMES_PROBE = re.compile(r"^\s*plugin *[(\"']+probe\b", re.MULTILINE)
USES_LISTEN = re.compile(r"^\s*listen\b", re.MULTILINE)


@dataclass
class Setup:
    has_host: bool = True
    own_listeners: bool = False
    arguments: list = field(default_factory=list)
    environment: dict = field(default_factory=dict)
    disk: int = 0
    beside: str = ""  # a program that runs as long as the host
    skips: list = field(default_factory=list)  # reasons
    config: str = ""


def load_setup(folder, shown, asan):
    setup = Setup()
    config = os.path.join(folder, "berth.lua")
    if os.path.exists(config):
        with open(config, encoding="utf-8") as file:
            setup.config = file.read()
        setup.own_listeners = bool(USES_LISTEN.search(setup.config))
    path = os.path.join(folder, "setup.txt")
    for line in read_lines(path, f"{shown}/setup.txt") if os.path.exists(path) else []:
        apply(setup, line, asan)
    return setup


def apply(setup, line, asan):
    word, _, rest = line.source.partition(" ")
    if line.source == "no host":
        setup.has_host = False
    elif word == "arguments":
        setup.arguments += shlex.split(rest)
        setup.own_listeners = setup.own_listeners or "--listen" in rest
    elif word == "environment":
        name, _, value = rest.partition("=")
        setup.environment[name] = value
    elif word == "disk":
        setup.disk = parse_size(rest)
        need(setup, "root")
    elif word == "beside":
        setup.beside = rest.strip()
    elif word == "needs":
        need(setup, rest)
    elif line.source.startswith("not under asan"):
        if asan:
            setup.skips.append(rest.partition(": ")[2] or "not under a sanitizer")
    else:
        raise CaseError(line, f"unknown setting \"{word}\"; there are: no host, arguments, environment, disk, beside, "
                              "needs, "
                              "not under asan")


def need(setup, what):
    try:
        require(what)
    except Skip as reason:
        setup.skips.append(str(reason))


def require(what):
    kind, _, name = what.partition(" ")
    if what == "root":
        if os.geteuid() != 0:
            raise Skip("needs root")
    elif what == "namespaces":
        tried = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--net", "--mount", "true"]
        if subprocess.run(tried, capture_output=True, check=False).returncode != 0:
            raise Skip("this machine gives nobody namespaces of users, processes, networks and mounts")
    elif what == "guest apart":
        if probe_process() != "own":
            raise Skip("the guest runs in the host")
    elif what == "probe in host":
        if probe_process() != "host":
            raise Skip("looks at the host's own threads, and the probe has a process of its own")
    elif kind == "command":
        if not shutil.which(name):
            raise Skip(f"needs the program {name}")
    elif kind == "npm":
        if not node_modules(name):
            raise Skip(f"needs the npm package {name}")
    elif kind == "python":
        if subprocess.run(["/usr/bin/python3", "-c", f"import {name}"], capture_output=True, check=False).returncode != 0:
            raise Skip(f"needs Python's {name}")
    elif kind == "file":
        if not os.path.exists(name):
            raise Skip(f"needs the file {name}")
    else:
        raise Failure(f"unknown need \"{what}\"; there are: root, namespaces, probe in host, guest apart, command NAME, npm NAME, python NAME, file PATH")


def node_modules(name):
    """The node_modules folder that has the package, or None."""
    if not shutil.which("node"):
        return None
    places = os.environ.get("NODE_PATH", "").split(":")
    if shutil.which("npm"):
        done = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False)
        places.append(done.stdout.strip())
    here = os.path.dirname(os.path.abspath(__file__))
    places += [os.path.join(here, *up, "node_modules") for up in ([".."], ["..", ".."], ["..", "..", ".."])]
    return next((os.path.normpath(p) for p in places if p and os.path.isdir(os.path.join(p, name))), None)


def write_config(setup, host, variables):
    """The folder's berth.lua, expanded; what the runner adds stands behind it, so that line numbers stay."""
    text = re.sub(r"\{\{(\w+)\}\}", lambda m: str(variables[m.group(1)]), setup.config)
    with open(host.config, "w", encoding="utf-8") as file:
        file.write(text + plugin_lines(host.plugins, text))


def plugin_lines(folders, text):
    """The folders, and where the probe runs: in the host, unless run.py was told otherwise or the folder says it."""
    lines = "".join(f"\nplugin_folder {folder!r}" for folder in folders) + "\n"
    has_probe = any(os.path.exists(os.path.join(folder, "probe.so")) for folder in folders)
    if has_probe and not NAMES_PROBE.search(text):
        # Bounds of its own process are not what is tested there, and a sanitizer needs several times as much of everything.
        lines += f"plugin \"probe\" {{ process = \"{probe_process()}\", memory = \"8GiB\", heartbeat = \"60s\", start_time = \"60s\" }}\n"
    return lines


def probe_process():
    return os.environ.get("BERTH_PROBE_PROCESS", "host")
