"""The container is read as if an enemy had written it: bits flipped, pieces cut out, put in, repeated, and lengths that lie under checksums that are
right. What is read is what was written, or refused; nothing else happens, and no memory is given to a lie. Seeded: the same files each time."""
import os
import random
import resource
import struct
import zlib

import unittest

from cryo_case import CryoCase, cryo_file, cryo_reader

ROUNDS = 3000
MOST = 1 << 20


class Fuzz(CryoCase):
    preload = ("numpy",)

    def setUp(self):
        super().setUp()
        self.numbers = random.Random(11)
        noise = self.numbers.randbytes
        self.parts = {name: [noise(50), noise(5000), (b"text " * 3000) + name.encode()] for name in ("a", "b", "c")}
        self.parts["d"] = []
        self.write(self.path)
        with open(self.path, "rb") as file:
            self.whole = file.read()

    def write(self, path):
        with open(path, "wb") as file:
            writer = cryo_file.Writer(file.fileno(), {"variables": []})
            for name, parts in self.parts.items():
                writer.record({"kind": "values", "names": [name]}, parts)
            writer.finish()

    def read(self, data):
        """What can be read: names with their parts; None where it is no file of cryo's at all. Every part is right, or the test fails."""
        with open(self.path, "wb") as file:
            file.write(data)
        try:
            reader = cryo_reader.Reader(self.path)
        except (cryo_reader.NotACryoFile, cryo_reader.NoSuchFile):
            return None
        try:
            found = []
            for record in reader.records():
                if not isinstance(record, cryo_reader.Damaged):
                    found += self.read_record(reader, record)
            return found
        finally:
            reader.close()

    def read_record(self, reader, record):
        try:
            parts = [bytes(reader.part(record, number, MOST, number % 2)) for number in range(len(record.parts))]
        except cryo_reader.Damaged:
            return []
        return [(record.meta.get("names"), parts)]

    def assertRight(self, found):
        """Each was written so, and none is there twice."""
        for names, parts in found or []:
            self.assertEqual(parts, self.parts[names[0]])
        names = [one[0][0] for one in found or []]
        self.assertEqual(len(names), len(set(names)))

    def test_as_written(self):
        self.assertEqual([names[0] for names, _ in self.read(self.whole)], ["a", "b", "c", "d"])
        self.assertRight(self.read(self.whole))

    def test_broken_by_chance(self):
        kinds = set()
        for _ in range(ROUNDS):
            data = bytearray(self.whole)
            for _ in range(self.numbers.randrange(1, 4)):
                self.break_one(data)
            found = self.read(bytes(data))
            self.assertRight(found)
            kinds.add(None if found is None else len(found))
        self.assertEqual(kinds, {None, 0, 1, 2, 3, 4})

    def break_one(self, data):
        at, to = sorted(self.numbers.randrange(len(data) + 1) for _ in range(2))
        kind = self.numbers.randrange(8)
        if kind < 3 and data:
            data[min(at, len(data) - 1)] ^= 1 << self.numbers.randrange(8)
        elif kind == 3:
            del data[at:]
        elif kind == 4:
            del data[at : at + self.numbers.choice((1, 64, 640))]
        elif kind == 5:
            data[at:at] = data[at:to]
        elif kind == 6:
            data[at : at + 8] = self.numbers.choice((b"\0" * 8, b"\xff" * 8, struct.pack("<Q", len(data))))
        else:
            data[at - at % 64 : at - at % 64] = data[to - to % 64 : to - to % 64 + 640]

    def test_lies_with_the_right_checksum(self):
        """Each number of each structure, in turn: nothing, one more, one less, as much as there is, as much as can be said."""
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for structure, at in self.structures():
            for place, size in self.fields(structure):
                old = int.from_bytes(self.whole[at + place : at + place + size], "little")
                for new in (0, 1, old + 1, old - 1, len(self.whole), (1 << 8 * size - 1) - 1, (1 << 8 * size) - 1):
                    data = bytearray(self.whole)
                    data[at + place : at + place + size] = (new % (1 << 8 * size)).to_bytes(size, "little")
                    self.seal(data, structure, at)
                    found = self.read(bytes(data))
                    for names, parts in found or []:  # a lie may take parts away, and makes none
                        self.assertTrue(all(part in self.parts[names[0]] for part in parts), (structure, place, new))
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 100_000)

    def structures(self):
        yield "prologue", 0
        yield "trailer", len(self.whole) - 64
        reader = cryo_reader.Reader(self.path)
        for record in reader.records():
            yield "head", record.at
            if record.parts:
                yield "table", record.at + 64 + struct.unpack_from("<I", self.whole, record.at + 16)[0]
        reader.close()

    def fields(self, structure):
        return {"prologue": [(8, 2), (10, 2), (12, 4), (16, 4), (20, 8)], "trailer": [(8, 8), (16, 8), (24, 4), (28, 4)],
                "head": [(4, 8), (12, 4), (16, 4), (20, 4), (24, 8), (32, 4)],
                "table": [(0, 8), (8, 8), (16, 4), (20, 4), (64, 8), (72, 8), (84, 4)]}[structure]

    def seal(self, data, structure, at):
        """Makes its checksum right again."""
        if structure == "table":
            head = at - 64 - (at % 64)
            while data[head : head + 4] != b"CRYO":
                head -= 64
            meta, count = struct.unpack_from("<II", data, head + 16)
            struct.pack_into("<I", data, head + 32, zlib.crc32(data[head + 64 : head + 64 + meta + 32 * count]))
            at = head
        struct.pack_into("<I", data, at + 60, zlib.crc32(data[at : at + 60]))

    def test_a_bomb(self):
        """A part that unpacks to more than it says, to less, and one that says that it is as big as the world."""
        self.parts = {"a": [bytes(3 << 20)]}
        self.write(self.path)
        with open(self.path, "rb") as file:
            self.whole = file.read()
        at = next(at for structure, at in self.structures() if structure == "table")
        for raw in (1, 1 << 19, 3 << 20, 4 << 20, 1 << 40, (1 << 64) - 1):
            data = bytearray(self.whole)
            struct.pack_into("<Q", data, at + 8, raw)
            self.seal(data, "table", at)
            self.assertEqual(self.read(bytes(data)), [], raw)

    def test_broken_files_in_a_kernel(self):
        self.run_cell("a, b, c = {'k': [1, 2]}, 'text' * 2000, list(range(3000))\ndef f(): return a")
        self.store()
        with open(self.path, "rb") as file:
            self.whole = file.read()
        kernel = self.start()
        for _ in range(150):
            data = bytearray(self.whole)
            self.break_one(data)
            with open(self.path, "wb") as file:
                file.write(data)
            kernel.execute("%reset -f")
            done = self.reload(kernel)[1]
            self.assertTrue(done["status"] == "ok" or done["error"]["name"] == "NotACryoFile", done["error"])
            right = {"a": "a == {'k': [1, 2]}", "b": "b == 'text' * 2000", "c": "c == list(range(3000))", "f": "callable(f)"}
            for name in done.get("loaded", []):
                self.assertEqual(kernel.execute(right[name]).result, "True")
        self.assertAlive(kernel)


if __name__ == "__main__":
    unittest.main()
