"""Berth as a kernelspec, started by Jupyter. usage: conformance.py BERTH URL TOKEN"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

BERTH, URL, TOKEN = sys.argv[1:4]
FOLDER = tempfile.TemporaryDirectory(prefix="b")
os.environ.update(JUPYTER_DATA_DIR=FOLDER.name, JUPYTER_RUNTIME_DIR=FOLDER.name + "/r", JUPYTER_PATH=FOLDER.name, BERTH_URL=URL, BERTH_TOKEN=TOKEN)
# The kernelspec is the one that scripts/setup writes, for a program in a folder whose name JSON has to escape.
PROGRAMS = FOLDER.name + """/a "b" \\ & c"""
os.makedirs(PROGRAMS)
os.symlink(os.path.abspath(BERTH), PROGRAMS + "/berth")
SETUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 4, "scripts", "setup")
subprocess.run([SETUP, "--kernelspec"], env={**os.environ, "PATH": PROGRAMS + ":" + os.environ["PATH"]}, check=True)
with open(FOLDER.name + "/kernels/berth/kernel.json", encoding="utf-8") as file:
    SPEC = json.load(file)

import jupyter_kernel_test  # noqa: E402
from jupyter_client.manager import KernelManager, start_new_kernel  # noqa: E402

from common import Host, outputs, reply  # noqa: E402


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "berth"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n"]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise ValueError('no')"
    code_execute_result = [{"code": "1+2+3", "result": "6"}, {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"}]
    code_display_data = [{"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"}]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


def eventually(fact):
    for _ in range(400):
        if fact():
            return True
        time.sleep(0.05)
    return False


class Life(unittest.TestCase):
    host = Host(URL, TOKEN)

    def kernels(self):
        return {one["kernel"] for one in self.host.ask("GET", "/kernels")["kernels"]}

    def gone(self, before):
        return eventually(lambda: self.kernels() <= before)

    def test_restart_and_shutdown(self):
        before = self.kernels()
        manager, client = start_new_kernel(kernel_name="berth")
        self.assertEqual(len(self.kernels() - before), 1)
        self.assertEqual(reply(client, client.execute("x = 1"))["status"], "ok")
        manager.restart_kernel()
        client.wait_for_ready(timeout=60)
        self.assertEqual(reply(client, client.execute("x"))["ename"], "NameError")
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertFalse(manager.is_alive())
        self.assertTrue(self.gone(before))

    def test_a_restart_empties_a_kernel_that_lives_on(self):
        self.host.ask("POST", "/kernels", {"name": "kept"})
        os.makedirs(FOLDER.name + "/kernels/kept")
        with open(FOLDER.name + "/kernels/kept/kernel.json", "w", encoding="utf-8") as file:
            json.dump({**SPEC, "argv": SPEC["argv"] + ["--kernel", "kept"]}, file)
        manager, client = start_new_kernel(kernel_name="kept")
        self.assertEqual(reply(client, client.execute("x = 1"))["status"], "ok")
        manager.restart_kernel()
        client.wait_for_ready(timeout=60)
        self.assertEqual(reply(client, client.execute("x"))["ename"], "NameError")
        self.assertEqual(reply(client, client.execute("x = 2"))["status"], "ok")
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertEqual(self.host.ask("POST", "/kernels/kept/exec", {"code": "x"})["result"], "2")

    def test_shutdown_is_answered(self):
        for transport in ("tcp", "ipc"):
            for _ in range(20):
                manager = KernelManager(kernel_name="berth", transport=transport)
                manager.start_kernel()
                client = manager.client()
                client.start_channels(hb=False)
                client.wait_for_ready(timeout=60)
                request = client.session.msg("shutdown_request", {"restart": False})
                client.control_channel.send(request)
                self.assertEqual(reply(client, request["header"]["msg_id"], "control"), {"status": "ok", "restart": False})
                client.stop_channels()
                manager.shutdown_kernel(now=True)

    def test_sockets_go_with_the_bridge(self):
        file = self.host.ask("GET", "/kernel/connection-file")["connection_file"]
        folder = os.path.dirname(file)
        self.host.ask("DELETE", "/kernel/connection", {})
        manager, client = start_new_kernel(kernel_name="berth")
        before = len(os.listdir(folder))
        self.assertGreaterEqual(before, 5)
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertTrue(eventually(lambda: len(os.listdir(folder)) <= before - 5))

    def test_whoever_starts_it_may_be_gone_before_it_begins(self):
        with open(FOLDER.name + "/orphan.json", "w", encoding="utf-8") as file:
            ports = {name + "_port": number for number, name in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)}
            json.dump({"transport": "ipc", "ip": FOLDER.name + "/o", "key": "long enough to be one", **ports}, file)
        before = self.kernels()
        # The shell does not wait; whoever waits here does so for all that have its output.
        starter = ["sh", "-c", 'JPY_PARENT_PID=$$ "$0" kernel -f "$1" &', BERTH, file.name]
        ended = subprocess.run(starter, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=True)
        self.assertEqual(ended.stdout, b"")
        self.assertTrue(self.gone(before))

    def test_interrupt(self):
        manager, client = start_new_kernel(kernel_name="berth")
        request = client.execute("print('begun')\nimport time\ntime.sleep(60)")
        while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        self.assertEqual(reply(client, request)["ename"], "KeyboardInterrupt")
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def test_what_is_killed_leaves_no_kernel(self):
        before = self.kernels()
        manager, client = start_new_kernel(kernel_name="berth")
        client.stop_channels()
        manager.signal_kernel(9)
        self.assertTrue(self.gone(before))
        manager.cleanup_resources()

    def test_unix_sockets(self):
        manager = KernelManager(kernel_name="berth", transport="ipc")
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        request = client.execute("6*7")
        self.assertIn("42", [one["data"]["text/plain"] for name, one in outputs(client, request) if name == "execute_result"])
        client.stop_channels()
        manager.shutdown_kernel()


suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(one) for one in (Conformance, Life))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
if result.wasSuccessful() and not result.skipped:
    print("all well")
else:
    sys.exit(1)
