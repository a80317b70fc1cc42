"""Each request ends with exactly one `done`, whatever its size, and whatever the cell has left behind."""
import unittest

import driver
from case import KernelCase

MEGA = 1 << 20


class Answers(KernelCase):
    def only_done(self, code, kernel=None, **fields):
        """The cell's answer, after a look that no second one comes."""
        kernel = kernel or self.kernel
        done = kernel.execute(code, **fields)
        kernel.send({"request": "ping", "id": "after"})
        later = kernel.wait_for(lambda event: event["event"] == "done")
        self.assertEqual(later[-1]["id"], "after", code)
        return done

    def test_errors_of_any_size(self):
        for code, name in (("raise ValueError('x' * 25_000_000)", "ValueError"), ("class E(Exception):\n    def __str__(s): return '\\x01' * 12_000_000\nraise E", "E"),
                           ("def f(n):\n    if n: f(n - 1)\n    else: raise ValueError('y' * 2_000_000)\nf(250)", "ValueError")):
            done = self.only_done(code)
            self.assertEqual((done.status, done.error["name"]), ("error", name))
            for text in ("".join(done.error["plain"]), "".join(done.error["traceback"]), done.error["value"], "".join(done.of("error")[0]["traceback"])):
                self.assertLess(len(text), 3 * MEGA)
            self.assertIn("characters left out", done.error["value"])
        self.assertAlive()

    def test_answers_of_any_size(self):
        self.run_cell("long = 'y' * 20_000_000")
        found = self.only_done("1", user_expressions={"big": "long", "small": "1 + 1"}).done
        self.assertEqual((found["status"], found["user_expressions"]["big"]["ename"]), ("ok", "TooLong"))
        self.assertEqual(found["user_expressions"]["small"]["data"]["text/plain"], "2")
        payload = self.only_done("get_ipython().set_next_input(long)").done["payload"]
        self.assertLess(len(payload[0]["text"]), 2 * MEGA)
        payload = self.only_done("class D: __doc__ = long\nd = D()\nd?").done["payload"]
        self.assertLess(len(payload[0]["data"]["text/plain"]), 2 * MEGA)
        self.assertLess(len(self.kernel.request("inspect", code="d").done["data"]["text/plain"]), 2 * MEGA)
        # One that no cap of ours expected: refused, with the reason.
        self.run_cell("get_ipython().history_manager.input_hist_raw[1] = long * 4")
        done = self.kernel.request("history", access="range")
        self.assertEqual((done.status, done.error["name"]), ("error", "TooLong"))
        self.assertIn(str(64 * MEGA), done.error["value"])
        self.assertAlive()

    def test_displays_of_any_size(self):
        for code in ("'\\x01' * 5_000_000", "display({'application/json': list(range(2_500_000)), 'text/plain': 'p'}, raw=True)",
                     "display({f'x/{n}': 'z' * 9_000_000 for n in range(2)}, raw=True)"):
            done = self.only_done(code)
            self.assertEqual((done.status, done.done["figures_left_out"]), ("ok", 1), code)
            shown = done.events[-1]["data"]
            self.assertIn("16777216 is the most", shown["text/plain"])
            self.assertLess(sum(len(str(one)) for one in shown.values()), 17 * MEGA)
        done = self.only_done("import itertools; display({'application/json': itertools.count()}, raw=True)")
        self.assertEqual(done.status, "ok")
        self.assertEqual(self.only_done("display('x', metadata={'m': 'y' * 70_000_000})").error["name"], "TooLong")
        self.assertAlive()

    def test_no_memory_left(self):
        for step in ("bytearray(1 << 20)", "'%d' % len(x)"):
            kernel = self.start(limits={"as": 300 << 20})
            self.assertEqual(self.only_done(f"x = []\nwhile True: x.append({step})", kernel).error["name"], "MemoryError")
            self.assertEqual(self.only_done("1 / 0", kernel).status, "error")
            for _ in range(5):
                if kernel.execute("x = None").status == "ok":
                    break
            self.assertAlive(kernel)

    def test_forks_answer_nothing(self):
        for fork in ("os.fork()", "ctypes.CDLL(None).fork()"):
            done = self.only_done(f"import os, ctypes; pid = {fork}; display('mine') if pid else display('of the fork'); os.waitpid(pid, 0)[1] if pid else 5")
            self.assertEqual([event["data"]["text/plain"] for event in done.of("display")], ["'mine'"], fork)
            self.assertEqual(done.result, "0")
        code = ("r, w = os.pipe()\nif os.fork() == 0:\n    try: input() if n else runtime.call('x')\n    except BaseException as e: os.write(w, str(e).encode())\n"
                "    os._exit(0)\nos.wait(); os.read(r, 100)")
        for number in range(2):
            self.assertIn("nobody to ask", self.only_done(f"n = {number}\n" + code, allow_stdin=True).result)
        self.assertAlive()

    def test_frames_that_are_none(self):
        for data in (b"{", b"[" * 100000, b"3", b"\xff"):
            kernel = self.start()
            kernel.socket.sendall(len(data).to_bytes(4, "little") + data)
            self.assertEqual(self.zygote.death(kernel.pid)["code"], 0, data[:9])
        for name in ([1], {"a": 1}, None, 5):
            self.assertEqual(self.kernel.request(name).error["name"], "UnknownRequest")
        self.assertAlive()

    def test_descriptors_that_nobody_wanted(self):
        count = "import os; len(os.listdir('/proc/self/fd'))"
        before = self.run_cell(count).result
        with open("/dev/null", "rb") as nothing:
            for number in range(40):
                self.kernel.send({"answer": number, "value": "x"}, [nothing.fileno()])
                self.kernel.request("ping", fds=[nothing.fileno()] * 3)
        self.assertEqual(self.run_cell(count).result, before)


class Asking(KernelCase):
    def test_interrupts_lose_no_request(self):
        """Requests that come while a question is interrupted, again and again."""
        pings = []

        def react(event):
            if event["event"] == "input_request":
                for _ in range(5):
                    pings.append(f"p{len(pings)}")
                    self.kernel.send({"request": "ping", "id": pings[-1]})
                self.kernel.interrupt()

        self.kernel.begin("n = 0\nwhile n < 60:\n    try: input()\n    except KeyboardInterrupt: n += 1\nn", allow_stdin=True)
        self.assertEqual(self.kernel.finish(react).result, "60")
        seen = []
        while len(seen) < len(pings):
            seen.append(self.kernel.wait_for(lambda event: event["event"] == "done")[-1]["id"])
        self.assertEqual(seen, pings)
        self.assertAlive()

    def test_the_end_of_the_plugin_ends_a_question(self):
        self.kernel.begin("while True:\n    try: input()\n    except BaseException: pass", allow_stdin=True)
        self.kernel.wait_for(lambda event: event["event"] == "input_request")
        self.kernel.socket.shutdown(driver.socket.SHUT_RDWR)
        self.assertEqual(self.zygote.death(self.kernel.pid)["code"], 0)


if __name__ == "__main__":
    unittest.main()
