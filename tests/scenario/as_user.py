#!/usr/bin/python3
"""Scenarios as an ordinary user has them: where tests run as root, the host, the runner and all that they start run as somebody without
any right, with folders of their own. usage: as_user.py BERTH PLUGINS ROOM/NAME…; PLUGINS is as run.py has it, and beside it is what
the scenarios call its `..`."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
USER = 61_803  # nobody: no name, no home, no groups
SKIP = 77


def copy_files(source, target):
    """What lies in the folder itself: what a build puts there, and nothing that it needs to make it."""
    os.makedirs(target)
    for entry in os.scandir(source):
        if entry.is_file():
            shutil.copy(entry.path, target)


def furnish(folder, berth, plugins):
    """Root's folders may be closed to the user, so all of it is copied."""
    built = os.path.dirname(os.path.dirname(berth))
    os.chmod(folder, 0o755)
    copy_files(os.path.dirname(berth), folder + "/bin")
    copy_files(built + "/lib/berth/plugins", folder + "/lib/berth/plugins")
    for name in (os.path.basename(plugins), "services"):
        copy_files(os.path.join(os.path.dirname(plugins), name), folder + "/tests/" + name)
    shutil.copytree(HERE, folder + "/scenario", ignore=shutil.ignore_patterns("__pycache__"))
    os.mkdir(folder + "/tmp", 0o700)
    os.chown(folder + "/tmp", USER, USER)


def command(folder, berth, plugins, names):
    before = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]
    return [*before, "/usr/bin/python3", "-B", folder + "/scenario/run.py", "--berth", folder + "/bin/" + os.path.basename(berth),
            "--plugins", folder + "/tests/" + os.path.basename(plugins), *names]


def main():
    berth, plugins, *names = sys.argv[1:]
    if os.geteuid() != 0:
        print("SKIP: only root can become another user; without root all scenarios run as an ordinary user anyway")
        return SKIP
    if not shutil.which("setpriv"):
        print("SKIP: needs the program setpriv")
        return SKIP
    folder = tempfile.mkdtemp(prefix="berth-user-", dir="/var/tmp")
    try:
        furnish(folder, os.path.abspath(berth), os.path.abspath(plugins))
        env = {**os.environ, "HOME": folder + "/tmp", "TMPDIR": folder + "/tmp"}
        return subprocess.run(command(folder, berth, plugins, names), env=env, cwd=folder, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
