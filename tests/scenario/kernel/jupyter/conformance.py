"""Berth as a kernelspec, started by Jupyter. usage: conformance.py BERTH URL TOKEN"""
import json
import os
import sys
import tempfile
import time
import unittest

BERTH, URL, TOKEN = sys.argv[1:4]
FOLDER = tempfile.TemporaryDirectory(prefix="b")
os.environ.update(JUPYTER_DATA_DIR=FOLDER.name, JUPYTER_RUNTIME_DIR=FOLDER.name + "/r", JUPYTER_PATH=FOLDER.name, BERTH_URL=URL, BERTH_TOKEN=TOKEN)
os.makedirs(FOLDER.name + "/kernels/berth")
with open(FOLDER.name + "/kernels/berth/kernel.json", "w", encoding="utf-8") as spec:
    json.dump({"argv": [BERTH, "kernel", "-f", "{connection_file}"], "display_name": "Berth", "language": "python", "interrupt_mode": "message"}, spec)

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


class Life(unittest.TestCase):
    host = Host(URL, TOKEN)

    def kernels(self):
        return {one["kernel"] for one in self.host.ask("GET", "/kernels")["kernels"]}

    def gone(self, before):
        for _ in range(200):
            if self.kernels() <= before:
                return True
            time.sleep(0.05)
        return False

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


jupyter_kernel_test.KernelTests.__test__ = False
suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(one) for one in (Conformance, Life))
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
if result.wasSuccessful() and not result.skipped:
    print("all well")
else:
    sys.exit(1)
