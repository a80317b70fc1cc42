"""The container file of cryo, as ../CRYO.md has it byte for byte: what its parts look like, and how one is written. Knows nothing of pickles."""
import json
import os
import secrets
import struct
import zlib

try:
    import zstandard
except ImportError:  # told in the header
    zstandard = None

MAGIC, RECORD, END = b"\x89BERTH\r\n", b"CRYO", b"CRYOEND\0"
VERSION, CRC32 = 1, 1
RAW, ZSTD = 0, 1
ALIGN = 64
PROLOGUE = struct.Struct("<8sHHII8s32x")  # magic, version, checksum, header's length and checksum, file's id; then the checksum of these
HEAD = struct.Struct("<4s8sIIIQI24x")  # magic, file's id, number, meta's length, parts, payload's length, checksum of meta and table; then its own
PART = struct.Struct("<QQII8x")  # stored bytes, raw bytes, checksum of the stored, codec
TRAILER = struct.Struct("<8s8sQII28x")  # magic, file's id, the index' place, records, its checksum; then its own
CRC = struct.Struct("<I")
CHUNK = 1 << 20
SAMPLE, LEAST, WORTH = 16 << 10, 4096, 0.7  # compressed is what is big enough, and of whose samples this much is left at the most


def padded(length):
    return -(-length // ALIGN) * ALIGN


def sealed(structure, *values):
    """The structure and the checksum of it: 64 bytes."""
    data = structure.pack(*values)
    return data + CRC.pack(zlib.crc32(data))


def pieces_of(part):
    """A part is one buffer, or several that belong together; chunks of it."""
    for piece in part if isinstance(part, list) else [part]:
        view = memoryview(piece).cast("B")
        for start in range(0, view.nbytes, CHUNK):
            yield view[start : start + CHUNK]


def size_of(part):
    return sum(memoryview(piece).nbytes for piece in part) if isinstance(part, list) else memoryview(part).nbytes


def samples(part, size):
    """Three pieces of what is to be written: of its beginning, its middle, its end."""
    found, at, wanted = [], 0, [0, size // 2, max(0, size - SAMPLE)]
    for piece in pieces_of(part):
        while wanted and wanted[0] < at + piece.nbytes:
            start = wanted.pop(0) - at
            found.append(piece[start : start + SAMPLE])
        at += piece.nbytes
    return found


def pays(part, size):
    """Whether it is worth to be compressed: random numbers are not."""
    if zstandard is None or size < LEAST:
        return False
    tried = samples(part, size)
    packer = zstandard.ZstdCompressor(level=1)
    return sum(len(packer.compress(one)) for one in tried) < WORTH * sum(one.nbytes for one in tried)


class Writer:
    """Writes into a descriptor from its beginning; big buffers go straight from memory, small records together."""

    def __init__(self, fd, header, on_bytes=lambda: None):
        self.fd = fd
        self.id = secrets.token_bytes(8)
        self.on_bytes = on_bytes
        self.pending = bytearray()
        self.still = bytearray(CHUNK)
        self.at = 0  # where pending begins
        self.offsets = []
        text = json.dumps(header, separators=(",", ":")).encode("utf-8", "replace")
        self.pending += sealed(PROLOGUE, MAGIC, VERSION, CRC32, len(text), zlib.crc32(text), self.id) + text
        self._pad()

    def record(self, meta, parts):
        """One record; each part is a buffer, or a list of buffers that belong together."""
        self.offsets.append(self.at + len(self.pending))
        text = json.dumps(meta, separators=(",", ":")).encode("utf-8", "replace")
        front = ALIGN + padded(len(text) + PART.size * len(parts))
        if sum(map(size_of, parts)) <= CHUNK:
            stored = [self._packed(part) for part in parts]
            self.pending += self._front(text, [(len(data), raw, zlib.crc32(data), codec) for data, raw, codec in stored])
            for data, _, _ in stored:
                self.pending += data
                self._pad()
            self._flush(CHUNK)
            return
        self.pending += bytes(front)
        self._flush()
        table = [self._stream(part) for part in parts]
        self._flush()
        os.pwrite(self.fd, self._front(text, table), self.offsets[-1])

    def finish(self):
        """The index and the trailer; the file's length."""
        place = self.at + len(self.pending)
        index = b"".join(struct.pack("<Q", one) for one in self.offsets)
        self.pending += index
        self._pad()
        self.pending += sealed(TRAILER, END, self.id, place, len(self.offsets), zlib.crc32(index))
        self._flush()
        return self.at

    def _front(self, text, table):
        body = text + b"".join(PART.pack(*row) for row in table)
        length = sum(padded(row[0]) for row in table)
        head = sealed(HEAD, RECORD, self.id, len(self.offsets) - 1, len(text), len(table), length, zlib.crc32(body))
        return (head + body).ljust(ALIGN + padded(len(body)), b"\0")

    def _packed(self, part):
        size = size_of(part)
        data = b"".join(pieces_of(part))
        if pays(part, size):
            return zstandard.ZstdCompressor(level=1).compress(data), size, ZSTD
        return data, size, RAW

    def _stream(self, part):
        """A part of any length, chunk by chunk: no second copy of it is made."""
        size = size_of(part)
        packer = zstandard.ZstdCompressor(level=1).compressobj(size=size) if pays(part, size) else None
        start, crc = self.at + len(self.pending), 0
        for chunk in pieces_of(part):
            data = packer.compress(chunk) if packer else self._still(chunk)
            crc = zlib.crc32(data, crc)
            self._put(data)
        if packer:
            data = packer.flush()
            crc = zlib.crc32(data, crc)
            self._put(data)
        stored = self.at + len(self.pending) - start
        self._pad()
        return stored, size, crc, ZSTD if packer else RAW

    def _still(self, chunk):
        """A copy: a thread of the user's may change it between its checksum and its way to the disk."""
        view = memoryview(self.still)[: chunk.nbytes]
        view[:] = chunk
        return view

    def _pad(self):
        self.pending += bytes(-(self.at + len(self.pending)) % ALIGN)

    def _put(self, data):
        if len(data) + len(self.pending) < CHUNK:
            self.pending += data
            return
        self._flush()
        self._write(data)

    def _flush(self, least=1):
        if len(self.pending) >= least:
            data, self.pending = self.pending, bytearray()
            self._write(data)

    def _write(self, data):
        view = memoryview(data)
        while view.nbytes:
            count = os.write(self.fd, view)
            self.at += count
            view = view[count:]
            self.on_bytes()
