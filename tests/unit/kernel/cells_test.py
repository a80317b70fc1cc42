"""Cells as IPython runs them, and everything they can show."""
import unittest

from case import KernelCase


class Cells(KernelCase):
    def test_results_and_history_variables(self):
        self.assertEqual(self.run_cell("40 + 2").result, "42")
        self.assertEqual(self.run_cell("_ + 1").result, "43")
        self.assertEqual(self.run_cell("Out[1], _1, In[1]").result, "(42, 42, '40 + 2')")
        self.assertEqual(self.run_cell("40 + 2;").result, None)
        self.assertEqual(self.run_cell("5").done["execution_count"], 5)

    def test_counts_stay_where_history_is_not_kept(self):
        first = self.run_cell("1").done["execution_count"]
        self.assertEqual(self.run_cell("2", store_history=False).done["execution_count"], first)
        quiet = self.run_cell("3", silent=True)
        self.assertEqual((quiet.result, quiet.done["execution_count"]), (None, first))
        self.assertEqual(self.run_cell("4").done["execution_count"], first + 1)

    def test_order_of_everything(self):
        done = self.run_cell("import os, sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c', end='')\ndisplay('d')\nprint('e')\n"
                             "os.system('echo f')\nprint('g', file=sys.stderr)\n!echo h; echo i >&2\nprint('j')\n'k'")
        self.assertEqual(done.order(), [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c"), ("display", "'d'"), ("stdout", "e\nf\n"),
                                        ("stderr", "g\n"), ("stdout", "h\n"), ("stderr", "i\n"), ("stdout", "j\n"), ("result", "'k'")])

    def test_c_code_is_captured(self):
        done = self.run_cell("import ctypes\nctypes.CDLL(None).printf(b'from C\\n')\nNone")
        self.assertEqual(done.stdout, "from C\n")

    def test_errors(self):
        done = self.run_cell("def f():\n    return 1 / 0\nf()")
        self.assertEqual((done.status, done.error["name"], done.error["value"]), ("error", "ZeroDivisionError", "division by zero"))
        self.assertIn("\x1b[", "".join(done.error["traceback"]))
        plain = "\n".join(done.error["plain"])
        self.assertNotIn("\x1b", plain)
        self.assertIn("return 1 / 0", plain)
        self.assertEqual(len(done.of("error")), 1)
        self.assertTrue(done.done["stop"])
        self.assertFalse(self.run_cell("1/0", stop_on_error=False).done["stop"])
        self.assertEqual(self.run_cell("1 +").error["name"], "SyntaxError")
        self.assertEqual(self.run_cell("  x = 1\n y = 2").error["name"], "IndentationError")
        self.assertAlive()

    def test_magics_and_commands(self):
        self.assertIn("Wall time", self.run_cell("%%time\n1").stdout)
        self.assertEqual(self.run_cell("!echo $((1+1))").stdout, "2\n")
        self.assertEqual(self.run_cell("x = !printf 'a\\nb\\n'\nlist(x)").result, "['a', 'b']")
        self.assertEqual(self.run_cell("!exit 3\n_exit_code").result, "3")
        done = self.run_cell("%%bash\necho out\necho err >&2")
        self.assertEqual((done.stdout, done.stderr), ("out\n", "err\n"))
        self.assertEqual(self.run_cell("%%bash\nexit 2").error["name"], "CalledProcessError")
        self.assertEqual(self.run_cell("%%bash --out text\necho kept").stdout, "")
        self.assertEqual(self.run_cell("text").result, "'kept\\n'")
        self.assertIn("Couldn't find program", self.run_cell("%%script no-such-program\n1").stdout)
        self.assertEqual(self.run_cell("import threading; threading.active_count()").result, "1")
        self.assertEqual(self.run_cell("%cd -q /tmp\n%pwd").result, "'/tmp'")
        self.assertEqual(self.run_cell("%who_ls").status, "ok")

    def test_standard_input_is_empty(self):
        self.assertEqual(self.run_cell("!cat; echo end").stdout, "end\n")

    def test_top_level_await_and_its_loop(self):
        self.run_cell("import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    found.append(1)\nfound = []")
        # A task of one cell stands still until the next awaits; and it is the same loop.
        self.run_cell("task = asyncio.create_task(later()); loop = asyncio.get_running_loop(); await asyncio.sleep(0)")
        self.assertEqual(self.run_cell("import time; time.sleep(0.05); found, task.done()").result, "([], False)")
        self.assertEqual(self.run_cell("await task; found, loop is asyncio.get_running_loop()").result, "([1], True)")
        self.assertEqual(self.run_cell("asyncio.run(asyncio.sleep(0, 7))").result, "7")
        self.assertEqual(self.run_cell("await asyncio.sleep(0, 8)").result, "8")

    def test_rich_displays(self):
        code = ("from IPython.display import *\n"
                "class Rich:\n    def _repr_mimebundle_(self, **_): return {'text/plain': 'p', 'application/vnd.plotly.v1+json': {'data': [float('nan'), 1]}}\n"
                "display(HTML('<b>'), Latex('$x$'), Markdown('*m*'), JSON({'a': 1}), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Rich())\n"
                "display({'image/png': b'\\x89PNG'}, raw=True)")
        shown = self.run_cell(code).of("display")
        kinds = [next(kind for kind in event["data"] if kind != "text/plain") for event in shown]
        self.assertEqual(kinds, ["text/html", "text/latex", "text/markdown", "application/json", "image/svg+xml", "application/vnd.plotly.v1+json",
                                 "image/png"])
        self.assertEqual(shown[5]["data"]["application/vnd.plotly.v1+json"], {"data": [None, 1]})
        self.assertEqual(shown[6]["data"]["image/png"], "iVBORw==")

    def test_updates_and_clearing(self):
        done = self.run_cell("from IPython.display import *\nh = display('a', display_id='x1')\nh.update('b')\nclear_output(wait=True)")
        self.assertEqual([event["event"] for event in done.events], ["display", "update_display", "clear_output"])
        self.assertEqual([event["transient"] for event in done.events[:2]], [{"display_id": "x1"}] * 2)
        self.assertTrue(done.events[2]["wait"])

    def test_help_and_next_input(self):
        payload = self.run_cell("len?").done["payload"]
        self.assertEqual(payload[0]["source"], "page")
        self.assertIn("number of items", payload[0]["data"]["text/plain"])
        self.assertEqual(self.run_cell("get_ipython().set_next_input('x = 1')").done["payload"][0]["text"], "x = 1")
        self.assertEqual(self.run_cell("1").done["payload"], [])

    def test_exit_is_told_and_does_not_end_the_worker(self):
        for word in ("exit", "quit", "exit()", "quit()"):
            self.assertEqual(self.run_cell(word).done["payload"][0]["source"], "ask_exit", word)
        done = self.run_cell("import sys; sys.exit(3)")
        self.assertEqual((done.error["name"], done.error["value"]), ("SystemExit", "3"))
        self.assertAlive()

    def test_user_expressions(self):
        found = self.run_cell("a = 3", user_expressions={"x": "a * 2", "y": "1/0"}).done["user_expressions"]
        self.assertEqual(found["x"]["data"]["text/plain"], "6")
        self.assertEqual((found["y"]["status"], found["y"]["ename"]), ("error", "ZeroDivisionError"))

    def test_text_that_is_no_text(self):
        self.assertEqual(self.run_cell("x = '\\udc80'; x").status, "ok")
        self.assertEqual(self.run_cell("display({'text/plain': '\\udc80'}, raw=True)").of("display")[0]["data"]["text/plain"], "?")
        self.assertEqual(self.run_cell("print('\\udc80 中文')").stdout, "\\udc80 中文\n")
        self.assertEqual(self.run_cell("import os; os.write(1, b'\\xff\\x1e\\x1eabc\\x1e')").stdout, "\ufffd\x1e\x1eabc\x1e")

    def test_thousands_of_cells_leave_their_text_alone(self):
        for number in range(1200):
            self.run_cell(f"x = {number}")
        self.assertEqual(self.run_cell("import linecache; sum('ipython' in name or 'ipykernel' in name for name in linecache.cache) <= 1001").result, "True")
        self.assertIn("1 / 0", "".join(self.run_cell("1 / 0").error["plain"]))

    def test_floods_arrive_whole(self):
        done = self.run_cell("for i in range(100000): print(i)")
        self.assertEqual(done.stdout, "".join(f"{i}\n" for i in range(100000)))
        self.assertEqual(len(self.run_cell("print('x' * 20_000_000)").stdout), 20_000_001)


class Asking(KernelCase):
    def test_input_is_refused_with_a_reason(self):
        for code in ("input('?')", "import getpass; getpass.getpass()"):
            done = self.run_cell(code)
            self.assertEqual(done.error["name"], "StdinNotImplementedError")
            self.assertIn("allow_stdin", done.error["value"])

    def test_input_is_asked_for(self):
        seen = []

        def react(event):
            if event["event"] == "input_request":
                seen.append((event["prompt"], event["password"]))
                self.kernel.send({"answer": event["question"], "value": f"v{len(seen)}"})

        done = self.kernel.execute("import getpass; print('before', end=''); input('name? '), getpass.getpass('word? ')", react, allow_stdin=True)
        self.assertEqual((done.result, seen), ("('v1', 'v2')", [("name? ", False), ("word? ", True)]))
        self.assertEqual(done.stdout, "before")
        done = self.kernel.execute("input()", lambda e: e["event"] == "input_request" and self.kernel.send({"answer": e["question"], "eof": True}),
                                   allow_stdin=True)
        self.assertEqual(done.error["name"], "EOFError")

    def test_requests_that_come_meanwhile_wait(self):
        def react(event):
            if event["event"] == "input_request":
                self.kernel.send({"request": "ping", "id": "p"})
                self.kernel.send({"answer": 12345, "value": "wrong"})
                self.kernel.send({"answer": event["question"], "value": "right"})

        self.assertEqual(self.kernel.execute("input()", react, allow_stdin=True).result, "'right'")
        self.assertEqual(self.kernel.wait_for(lambda e: e["event"] == "done")[-1]["id"], "p")
        self.assertAlive()


class Looking(KernelCase):
    def test_complete_inspect_is_complete(self):
        self.run_cell("abcde = {'key': 1}\nabcdf = 2")
        done = self.kernel.request("complete", code="x = 1\nabc", cursor_pos=9).done
        self.assertEqual((done["matches"], done["cursor_start"], done["cursor_end"]), (["abcde", "abcdf"], 6, 9))
        self.assertIn("%timeit", self.kernel.request("complete", code="%timei").done["matches"])
        done = self.kernel.request("inspect", code="len(", cursor_pos=2).done
        self.assertTrue(done["found"])
        self.assertIn("number of items", done["data"]["text/plain"])
        self.assertFalse(self.kernel.request("inspect", code="nothing_here").done["found"])
        states = {code: self.kernel.request("is_complete", code=code).done["complete"] for code in ("1", "for x in y:", "1 +* 2")}
        self.assertEqual(states, {"1": "complete", "for x in y:": "incomplete", "1 +* 2": "invalid"})

    def test_history(self):
        self.run_cell("a = 1")
        self.run_cell("a + 1")
        self.assertEqual([one[2] for one in self.kernel.request("history", access="range").done["history"]], ["a = 1", "a + 1"])
        tail = self.kernel.request("history", access="tail", count=1).done["history"][0]
        self.assertEqual(tail[2], "a + 1")
        self.assertEqual(self.kernel.request("history", access="range", session=tail[0], start=tail[1]).done["history"], [tail])
        self.assertEqual(self.kernel.request("history", access="search", pattern="a =*").done["history"][0][2], "a = 1")

    def test_variables_never_run_user_code(self):
        self.run_cell("class Meta(type):\n    def __repr__(c): raise SystemExit\n"
                      "class Bad(metaclass=Meta):\n    def __repr__(s):\n        while True: pass\n    __str__ = __len__ = __sizeof__ = __repr__\n"
                      "    shape = property(__repr__)\n    def __getattribute__(s, n):\n        while True: pass\n"
                      "bad = Bad(); inside = [bad, 1]; huge = 10 ** 100000; text = 'x' * 1000; deep = {'a': [[[[1]]]]}\nclass Sub(list):\n"
                      "    __repr__ = __len__ = Bad.__repr__\nsub = Sub(); loop = []; loop.append(loop)")
        found = {one["name"]: one for one in self.kernel.request("variables").done["variables"]}
        self.assertEqual(found["bad"]["repr"], "<Bad>")
        self.assertEqual(found["inside"]["repr"], "[<Bad>, 1]")
        self.assertEqual(found["inside"]["shape"], [2])
        self.assertEqual(found["huge"]["repr"], "int of 332193 bits")
        self.assertLess(len(found["text"]["repr"]), 90)
        self.assertEqual(found["sub"]["type"], "Sub")
        self.assertNotIn("runtime", found)
        self.assertNotIn("exit", found)

    def test_status_ping_reset_and_what_is_unknown(self):
        self.run_cell("a = 1")
        status = self.kernel.request("status").done
        self.assertEqual((status["execution_count"], status["globals_count"], status["pid"]), (1, 1, self.kernel.pid))
        self.assertEqual(self.kernel.request("ping").status, "ok")
        self.assertEqual(self.kernel.request("reset").status, "ok")
        self.assertEqual(self.run_cell("a").error["name"], "NameError")
        self.assertEqual(self.run_cell("runtime").done["execution_count"], 2)
        self.assertEqual(self.kernel.request("fly").error["name"], "UnknownRequest")
        self.assertEqual(self.kernel.request("execute").error["name"], "TypeError")
        self.assertEqual(self.kernel.request("history", access="range", start="x").status, "error")
        self.assertAlive()

    def test_comms_pass_through(self):
        if not self.zygote.about["preloaded"]["comm"]:
            self.skipTest("the package comm is not installed")
        done = self.run_cell("import comm\nc = comm.create_comm(target_name='t', data={'a': 1}, buffers=[b'xy'])\ngot = []\nc.on_msg(got.append)\nc.comm_id")
        event = done.of("comm")[0]
        self.assertEqual((event["type"], event["content"]["data"], event["content"]["target_name"], event["buffers"]), ("comm_open", {"a": 1}, "t", ["eHk="]))
        answer = self.kernel.request("comm", type="comm_msg", content={"comm_id": event["content"]["comm_id"], "data": {"b": 2}}, buffers=["eHk="])
        self.assertEqual(answer.status, "ok", answer.done)
        self.assertEqual(self.run_cell("got[0]['content']['data'], bytes(got[0]['buffers'][0])").result, "({'b': 2}, b'xy')")
        wanted = {event["content"]["comm_id"]: {"target_name": "t"}}
        self.assertEqual(self.kernel.request("comm_info").done["comms"], wanted)
        self.assertEqual(self.kernel.request("comm_info", target_name="t").done["comms"], wanted)
        self.assertEqual(self.kernel.request("comm_info", target_name="other").done["comms"], {})
        self.assertEqual(self.kernel.request("comm", type="nonsense").status, "error")


if __name__ == "__main__":
    unittest.main()
