"""The forker by itself, where the system does not let it fork."""
import array
import json
import os
import signal
import socket
import sys
import unittest
from unittest import mock

import driver

sys.path.insert(0, os.path.dirname(driver.START))
from berth_kernel import forker  # noqa: E402


def count():
    return len(os.listdir("/proc/self/fd"))


class Fails(unittest.TestCase):
    def order(self, leaving=()):
        """A fork order, and what the forker says to it; nothing of it stays open here."""
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with mine, open("/dev/null", "rb") as nothing:
            it = forker.Forker(theirs.detach())
            it.leaving.extend(leaving)
            before = count()
            rights = array.array("i", [nothing.fileno()] * 4)
            mine.sendmsg([json.dumps({"n": 7, "order": "fork", "config": {"token": "x" * 32}}).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            self.assertIsNone(it._one())
            answer = json.loads(mine.recv(10000))
            self.assertEqual((answer["n"], count()), (7, before))
            it.orders.socket.close()
            return answer

    def refused(self, expected):
        answer = self.order()
        self.assertFalse(answer["ok"])
        self.assertIn(expected, answer["error"])

    def test_no_more_processes(self):
        with mock.patch.object(os, "fork", side_effect=BlockingIOError(11, "no more processes")):
            self.refused("no more processes")

    def test_the_place_of_one_that_has_ended(self):
        """It is had by reaping that one, which nobody has done yet."""
        fork, ended = os.fork, os.fork()
        if ended == 0:
            os._exit(0)
        os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)

        def fork_if_there_is_a_place():
            if os.path.exists(f"/proc/{ended}"):
                raise BlockingIOError(11, "no more processes")
            return fork() or os._exit(0)
        with mock.patch.object(os, "fork", fork_if_there_is_a_place):
            answer = self.order()
        self.assertTrue(answer["ok"], answer)
        os.waitpid(answer["pid"], 0)

    def test_the_places_of_a_group_that_was_killed(self):
        """They are waited for as long as one of it is there, and no longer: whoever is refused then is told so soon."""
        fork, alive = os.fork, [True] * 5

        def fork_once_they_have_left():
            if alive:
                raise BlockingIOError(11, "no more processes")
            return fork() or os._exit(0)

        def one_leaves(group, number):
            self.assertEqual((group, number), (4711, 0))
            alive.pop()
            if not alive:
                raise ProcessLookupError
        with mock.patch.object(forker, "PAUSES", (0.001,)), mock.patch.object(os, "fork", fork_once_they_have_left), \
                mock.patch.object(os, "killpg", one_leaves):
            answer = self.order(leaving=[4711])
        self.assertTrue(answer["ok"], answer)
        os.waitpid(answer["pid"], 0)

    def test_a_group_that_never_leaves(self):
        with mock.patch.object(forker, "PAUSES", (0.001,)), mock.patch.object(forker, "LEAVING", 0.05), \
                mock.patch.object(os, "fork", side_effect=BlockingIOError(11, "no more processes")), mock.patch.object(os, "killpg"):
            answer = self.order(leaving=[4711])
        self.assertIn("no more processes", answer["error"])

    def test_no_more_descriptors(self):
        with mock.patch.object(os, "pipe2", side_effect=OSError(24, "no more descriptors")):
            self.refused("no more descriptors")

    def test_a_worker_that_cannot_be_told_is_ended(self):
        child = os.fork()
        if child == 0:
            while True:
                signal.pause()
        with mock.patch.object(os, "fork", return_value=child), mock.patch.object(os, "pidfd_open", side_effect=OSError(24, "no more descriptors")):
            self.refused("no more descriptors")
        self.assertEqual(os.waitpid(child, 0)[1], 9)


if __name__ == "__main__":
    unittest.main()
