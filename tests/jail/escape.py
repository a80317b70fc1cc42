#!/usr/bin/python3
"""Tries all of ways/ from inside a jail, with something outside that is worth reaching, and prints what came of it. usage:
escape.py JAIL_RUN MODE; the modes are root, user (no rights at all), and each of them `-bare`: where namespaces are refused, as in many
containers."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
START = "import os, runpy, sys; sys.path.insert(0, os.environ['WORKSPACE'] + '/upload'); runpy.run_module('ways', run_name='__main__')"
NOBODY = 65534
# What is known to be open where a layer is missing; `isolation` says so there. Everything else must fail everywhere.
OPEN = {
    "user-bare": {
        "fill_tmp": "without a mount namespace /tmp is a folder on the disk",
        "many_files": "the same",
        "chmod_upload": "Landlock holds what is in a file, not its mode, and without a user of its own the agent owns upload/",
    },
    "root-bare": {"fill_tmp": "without a mount namespace /tmp is a folder on the disk", "many_files": "the same"},
}
SKIP = 77


class Target:
    """A host with a token, sockets and processes, as the jail's neighbour."""

    def __init__(self, folder, user):
        self.folder, self.user, self.held = folder, user, []
        os.makedirs(folder + "/state", exist_ok=True)
        self.token = folder + "/state/token"
        self.write(self.token, "the secret token", 0o600)
        self.tmp_file = tempfile.NamedTemporaryFile(prefix="berth-escape-", delete=False)
        os.chmod(self.tmp_file.name, 0o644)
        self.victim = subprocess.Popen(["/usr/bin/python3", "-c", "import time; time.sleep(600) # victim"], env={"VICTIM": "1"},
                                       preexec_fn=self.become, start_new_session=True)
        self.tcp = self.listen(socket.socket(), ("127.0.0.1", 0))
        self.unix_path, self.abstract = folder + "/state/host.sock", f"berth-escape-{os.getpid()}"
        self.listen(socket.socket(socket.AF_UNIX), self.unix_path)
        os.chmod(self.unix_path, 0o777)
        self.listen(socket.socket(socket.AF_UNIX), "\0" + self.abstract)

    def become(self):
        if self.user:
            os.setgroups([])
            os.setgid(self.user)
            os.setuid(self.user)

    def write(self, path, text, mode):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, mode)
        if self.user:
            os.chown(path, self.user, self.user)

    def listen(self, server, at):
        server.bind(at)
        server.listen(16)
        self.held.append(server)

        def serve():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                peer.sendall(b"hello")
                peer.close()
        threading.Thread(target=serve, daemon=True).start()
        return server

    def facts(self, other):
        return {"folder": self.folder, "token_file": self.token, "tmp_file": self.tmp_file.name, "victim": self.victim.pid,
                "port": self.tcp.getsockname()[1], "unix": self.unix_path, "abstract": self.abstract, **other}

    def unharmed(self):
        return self.victim.poll() is None

    def end(self):
        self.victim.kill()
        self.victim.wait()
        os.remove(self.tmp_file.name)


def command(run, options, folder, words, user):
    before = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
    return [*before, run, *options, folder, *words]


def workspace(folder, user):
    for name in ("", "/upload", "/output", "/deploy", "/.store"):
        os.makedirs(folder + "/workspace" + name, exist_ok=True)
    for path, text in (("/upload/given.txt", "given"), ("/.store/records", "record 1\n"), ("/output/own.txt", "mine")):
        with open(folder + "/workspace" + path, "w", encoding="ascii") as file:
            file.write(text)
    shutil.copytree(os.path.join(HERE, "ways"), folder + "/workspace/upload/ways", ignore=shutil.ignore_patterns("__pycache__"))
    if user:
        for at, folders, files in os.walk(folder):
            for name in [at] + [os.path.join(at, one) for one in folders + files]:
                os.chown(name, user, user)


def start_other(run, options, folder, user):
    """Another session, with a process that waits."""
    log = open(folder + "/log", "w+", encoding="utf-8")
    other = subprocess.Popen(command(run, [*options, "--name", "other"], folder, ["python3", "-c", "import time; print(flush=True); time.sleep(600)"], user),
                             stdout=subprocess.PIPE, stderr=log, text=True)
    if other.stdout.readline() != "\n":
        log.seek(0)
        raise SystemExit(f"the other session did not start: {log.read()}")
    children = subprocess.run(["pgrep", "-f", "print.flush=True.; time.sleep.600"], capture_output=True, text=True, check=False).stdout.split()
    inside = [int(pid) for pid in children if int(pid) != other.pid and cgroup_parent(int(pid)) == other.pid]
    return other, (inside or [other.pid])[0]


def cgroup_parent(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def table(results, open_ways):
    width = max(len(one["way"]) for one in results)
    for one in results:
        verdict = "refused" if not one["out"] else "open, and said so" if one["name"] in open_ways else "OUT"
        print(f"{one['way']:<{width}}  {verdict:<8}  {one['how']}")


def judge(mode, results, said, target, untouched):
    open_ways = OPEN.get(mode, {})
    table(results, open_ways)
    out = [one["name"] for one in results if one["out"] and one["name"] not in open_ways]
    print(f"\n{mode}: {len(results)} ways tried, {len(out)} led out", *(f"\n  {name}" for name in out))
    for name in sorted(one["name"] for one in results if one["out"] and one["name"] in open_ways):
        print(f"  open here: {name}: {open_ways[name]}")
    troubles = [what for what, good in untouched().items() if not good]
    if not target.unharmed():
        troubles.append("a process of the host was killed")
    if len(results) < 100:
        troubles.append(f"only {len(results)} ways were tried: {said[-500:]}")
    for one in troubles:
        print("  trouble:", one)
    return 1 if out or troubles else 0


def main():
    built, mode = sys.argv[1], sys.argv[2]
    if os.geteuid() != 0 and not mode.startswith("user"):
        print("SKIP: only root can be root")
        return SKIP
    user = NOBODY if mode.startswith("user") and os.geteuid() == 0 else 0
    options = ["--no-namespaces"] if mode.endswith("-bare") else []
    folder = tempfile.mkdtemp(prefix="berth-escape-", dir="/var/tmp")
    os.chmod(folder, 0o755)
    run = folder + "/jail-run"
    shutil.copy(built, run)
    target = Target(folder, user)
    other = None
    try:
        for name in ("/one", "/other"):
            os.makedirs(folder + name)
            workspace(folder + name, user)
        if user:
            os.chown(folder, user, user)
        other, other_pid = start_other(run, options, folder + "/other", user)
        facts = target.facts({"other_file": folder + "/other/workspace/output/own.txt", "other_pid": other_pid,
                              "other_user": os.stat(f"/proc/{other_pid}").st_uid or 2_000_000_002})
        env = dict(os.environ, FACTS=json.dumps(facts))
        done = subprocess.run(command(run, options, folder + "/one", ["python3", "-c", START], user),
                              capture_output=True, text=True, env=env, timeout=400, check=False)
        isolation = json.loads(done.stderr.splitlines()[0])
        print(f"isolation {isolation['level']}:", ", ".join(f"{one['name']} {one['state']}" for one in isolation["layers"]), "\n")
        results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

        def untouched():
            def content(path):
                with open(folder + path, encoding="ascii") as file:
                    return file.read()
            return {"upload/ was changed": content("/one/workspace/upload/given.txt") == "given",
                    ".store was changed": content("/one/workspace/.store/records") == "record 1\n",
                    ".store has another file": os.listdir(folder + "/one/workspace/.store") == ["records"],
                    "upload/ has a new file": sorted(os.listdir(folder + "/one/workspace/upload")) == ["given.txt", "ways"],
                    "the other session was ended": other.poll() is None,
                    "the other session has a new file": os.listdir(folder + "/other/workspace/output") == ["own.txt"]}
        return judge(mode, results, done.stderr, target, untouched)
    finally:
        target.end()
        if other:
            other.send_signal(signal.SIGTERM)
            other.wait()
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
