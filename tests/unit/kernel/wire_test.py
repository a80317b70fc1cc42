"""The channel by itself: frames go whole and once, whoever sends, whatever a signal handler does in between."""
import json
import os
import signal
import socket
import sys
import threading
import unittest

import driver

sys.path.insert(0, os.path.dirname(driver.START))
from berth_kernel import channel, wire  # noqa: E402


class Stop(Exception):
    pass


class Reader(threading.Thread):
    """Takes all that comes, slowly."""

    def __init__(self, end):
        super().__init__(daemon=True)
        self.end = end
        self.data = bytearray()
        self.start()

    def run(self):
        while chunk := self.end.recv(3000):
            self.data += chunk

    def frames(self):
        self.join(driver.PATIENCE)
        found, at = [], 0
        while at < len(self.data):
            length = int.from_bytes(self.data[at : at + 4], "little")
            found.append(json.loads(self.data[at + 4 : at + 4 + length]))
            at += 4 + length
        return found


class Frames(unittest.TestCase):
    def setUp(self):
        mine, theirs = socket.socketpair()
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 5000)
        self.channel = channel.Channel(mine.detach())
        self.reader = Reader(theirs)
        self.addCleanup(theirs.close)
        self.addCleanup(signal.signal, signal.SIGALRM, signal.getsignal(signal.SIGALRM))

    def seen(self):
        self.channel.flush()
        self.channel.close()
        return self.reader.frames()

    def test_handlers_that_send_while_a_frame_is_sent(self):
        sent = []

        def ring(*_):
            sent.append(len(sent))
            self.channel.send({"rang": sent[-1]})

        signal.signal(signal.SIGALRM, ring)
        # The signals come to another thread: what blocks them in this one does not keep the handler away.
        stop = threading.Event()
        other = threading.Thread(target=lambda: [signal.pthread_kill(threading.get_ident(), signal.SIGALRM) for _ in iter(lambda: stop.wait(0.0005), True)])
        other.start()
        for number in range(150):
            self.channel.send({"n": number, "x": "x" * 40000})
        stop.set()
        other.join()
        frames = self.seen()
        self.assertEqual([one["n"] for one in frames if "n" in one], list(range(150)))
        self.assertEqual([one["rang"] for one in frames if "rang" in one], sent)
        self.assertGreater(len(sent), 0)

    def test_handlers_that_raise_while_a_frame_is_sent(self):
        """The rest of it comes first when the next is sent, and push() with the same letter sends it once."""
        armed = False

        def ring(*_):
            nonlocal armed
            if armed:  # elsewhere nobody would catch it
                armed = False
                raise Stop

        def shoot():
            while not stop.wait(0.0005):
                signal.pthread_kill(threading.get_ident(), signal.SIGALRM)

        signal.signal(signal.SIGALRM, ring)
        stop = threading.Event()
        other = threading.Thread(target=shoot)
        raised = 0
        number = 0
        other.start()
        while number < 150:
            try:
                armed = True
                letter = self.channel.pack({"n": number, "x": "x" * 40000})
                while True:
                    try:
                        self.channel.push(letter)
                        break
                    except Stop:
                        raised += 1
                        armed = True
                number += 1
                armed = False
            except Stop:  # between two of these lines: the loop sends the same again, if it was not said that it had gone
                continue
        stop.set()
        other.join()
        numbers = [one["n"] for one in self.seen()]
        self.assertEqual(sorted(set(numbers)), list(range(150)))
        self.assertEqual(numbers, sorted(numbers))
        self.assertGreater(raised, 0)

    def test_threads(self):
        def send(who):
            for number in range(100):
                self.channel.send({"who": who, "n": number, "x": "x" * 9000}, soon=number % 3 == 0)

        threads = [threading.Thread(target=send, args=(who,)) for who in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        frames = self.seen()
        for who in range(6):
            self.assertEqual([one["n"] for one in frames if one["who"] == who], list(range(100)))

    def test_a_socket_that_does_not_wait(self):
        os.set_blocking(self.channel.fd, False)
        for number in range(5):
            self.channel.send({"n": number, "x": "x" * 100000})
        self.assertEqual([one["n"] for one in self.seen()], list(range(5)))

    def test_too_long(self):
        with self.assertRaises(channel.TooLong):
            self.channel.send({"x": "x" * channel.LARGEST})
        self.channel.send({"n": 1})
        self.assertEqual(self.seen(), [{"n": 1}])

    def test_soon_goes_with_the_next(self):
        self.channel.send({"n": 1}, soon=True)
        self.assertEqual(len(self.channel.letters), 1)
        self.channel.send({"n": 2})
        self.assertEqual([one["n"] for one in self.seen()], [1, 2])


class Values(unittest.TestCase):
    def test_what_json_has_not(self):
        self.assertEqual(wire.to_json({"a": float("nan"), 1: b"x", "s": {2}, "o": object}), b'{"a":null,"1":"eA==","s":[2],"o":"<type>"}')
        loop = []
        loop.append(loop)
        self.assertTrue(wire.to_json(loop))
        self.assertEqual(wire.shorten("ab" * 10, 6), "aba\n[14 characters left out]\nbab")
        self.assertEqual(wire.shorten("abc", 3), "abc")


if __name__ == "__main__":
    unittest.main()
