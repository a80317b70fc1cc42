"""Started as the plugin starts it: from sources that come through a descriptor."""
import glob
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import driver

ENGINE = os.path.join(driver.ROOT, "plugins/kernel")


class Booted(driver.Zygote):
    def __init__(self, env=None):
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        driver.Orders.__init__(self, mine)
        sources = os.memfd_create("engine")
        named = {}
        for path in glob.glob(ENGINE + "/python/berth_kernel/*.py"):
            with open(path, encoding="utf-8") as file:
                named[os.path.basename(path)[:-3]] = file.read()
        os.write(sources, json.dumps(named).encode())
        with open(ENGINE + "/boot.py", encoding="utf-8") as file:
            command = ["/usr/bin/python3", "-s", "-P", "-c", file.read(), str(sources), str(theirs.fileno())]
        # As the host starts it, it leads a group already.
        self.process = subprocess.Popen(command, pass_fds=[sources, theirs.fileno()], stdin=subprocess.DEVNULL, process_group=0, env=env)
        theirs.close()
        os.close(sources)
        self.about, _ = self.order("start", config={"preload": []})


class Boot(unittest.TestCase):
    def start(self, env=None):
        zygote = Booted(env)
        self.addCleanup(zygote.close)
        kernel = zygote.fork()
        self.addCleanup(kernel.close)
        return zygote, kernel

    def test_what_a_dead_worker_left_goes_with_it(self):
        zygote, kernel = self.start()
        done = kernel.execute("import os, subprocess; left = subprocess.Popen(['sleep', '100']); left.pid, os.getsid(0) == os.getpgrp() == os.getpid()")
        pid, own = json.loads(done.result.replace("(", "[").replace(")", "]").replace("True", "true").replace("False", "false"))
        self.assertTrue(own)
        kernel.kill()
        self.assertEqual(zygote.death(kernel.pid)["signal"], signal.SIGKILL)
        for _ in range(driver.PATIENCE * 10):
            if not os.path.exists(f"/proc/{pid}"):
                return
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
        self.fail("it is still there")

    def test_nothing_of_the_home_runs_in_the_zygote(self):
        """But cells import what the user has installed there."""
        with tempfile.TemporaryDirectory(prefix="berth-kernel-") as home:
            version = subprocess.run(["/usr/bin/python3", "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True).stdout.strip()
            own = f"{home}/.local/lib/{version}/site-packages"
            os.makedirs(own)
            for name, text in (("usercustomize", f"open({home!r} + '/ran', 'w')"), ("installed", "there = 5")):
                with open(f"{own}/{name}.py", "w", encoding="ascii") as file:
                    file.write(text)
            _, kernel = self.start({**os.environ, "HOME": home, "PYTHONDONTWRITEBYTECODE": "1"})
            self.assertEqual(kernel.execute("import installed; installed.there").result, "5")
            self.assertFalse(os.path.exists(home + "/ran"))

    def test_what_is_stored_calls_the_engine_by_name(self):
        """Which lies in no file here, and which a cell has thrown out of the modules."""
        with tempfile.TemporaryDirectory(prefix="berth-kernel-") as folder:
            _, kernel = self.start()
            kernel.execute("def f(x): return x + n\nn = 1; l = [f'{i}' for i in range(2000)]")
            self.assertEqual(kernel.request("store", path=folder + "/state").done["left_out"], [])
            _, other = self.start()
            other.execute("import sys\nfor name in [name for name in sys.modules if name.startswith('berth_kernel')]: del sys.modules[name]")
            self.assertEqual(other.request("reload", path=folder + "/state").done["failed"], [])
            self.assertEqual(other.execute("f(4), l[1999]").result, "(5, '1999')")


if __name__ == "__main__":
    unittest.main()
