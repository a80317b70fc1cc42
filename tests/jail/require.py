#!/usr/bin/python3
"""jail.require in berth.lua: a host that would have less does not start and says what is missing and why. usage: require.py BERTH; the
host runs as a user without rights, who never has a user for each jail."""
import os
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534


def main():
    folder = tempfile.mkdtemp(prefix="berth-require-", dir="/var/tmp")
    try:
        os.chmod(folder, 0o755)
        berth = shutil.copy(sys.argv[1], folder)
        os.mkdir(folder + "/home")
        user = NOBODY if os.geteuid() == 0 else os.geteuid()
        os.chown(folder + "/home", user, user)
        before = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.geteuid() == 0 else []
        state = folder + "/home/state"
        config = folder + "/berth.lua"

        def run(require, *words):
            with open(config, "w", encoding="ascii") as file:
                file.write(f"jail {{ require = {{ {require} }} }}")
            return subprocess.run([*before, berth, *words, "--config", config, "--state", state], capture_output=True, text=True,
                                  env={"HOME": folder + "/home", "PATH": "/usr/bin:/bin"}, timeout=60, check=False)
        refused = run('"no_new_privs", "uid"', "serve", "--listen", "127.0.0.1:0")
        assert refused.returncode == 1, refused
        assert "jail.require demands more than this machine allows: uid is" in refused.stderr, refused.stderr
        assert "no_new_privs" not in refused.stderr and "berth doctor" in refused.stderr, refused.stderr
        assert not os.path.exists(state + "/tokens.json"), "nothing was made"
        doctor = run('"uid"', "doctor")
        assert doctor.returncode == 1 and "MISSING" in doctor.stdout, doctor
        doctor = run('"no_new_privs"', "doctor")
        assert "MISSING" not in "".join(line for line in doctor.stdout.splitlines() if line.startswith("jail")), doctor
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
