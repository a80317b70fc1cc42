"""Reads cryo's container file, which anybody may have written or cut: each length is held against the file's before it is believed, each byte
against its checksum before it is used, and nothing is unpickled here."""
import json
import mmap
import os
import stat
import struct
import sys
import zlib

from . import cryo_file
from .cryo_file import ALIGN, CHUNK, CRC, END, HEAD, MAGIC, PART, PROLOGUE, RECORD, TRAILER, VERSION, padded

LONGEST_TEXT = 64 << 20  # of a header, of a record's meta
MOST_PARTS = 1 << 20


class NoSuchFile(Exception):
    """There is none, or it cannot be opened."""


class NotACryoFile(Exception):
    """It is something else, or its beginning is lost."""


class Damaged(Exception):
    """A record that is not as it was written."""


class Record:
    def __init__(self, number, meta, parts, at, end):
        self.number = number
        self.meta = meta
        self.parts = parts  # (stored, raw, checksum, codec, place)
        self.at = at
        self.end = end


def unsealed(structure, data):
    """The values, or None where the checksum is another."""
    if len(data) != structure.size + CRC.size or CRC.unpack(data[-4:])[0] != zlib.crc32(data[:-4]):
        return None
    return structure.unpack(data[:-4])


def parsed(data):
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Damaged("its description is no JSON object")
    return found


def room(size):
    """Memory for as many bytes, which a reader may write to. numpy's is the quickest to be had."""
    numpy = sys.modules.get("numpy")
    if size < CHUNK or not hasattr(numpy, "empty"):
        return bytearray(size)
    return memoryview(numpy.empty(size, "u1")).cast("B")


class Reader:
    def __init__(self, path):
        try:
            self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as no:
            raise NoSuchFile(f"{path}: {no.strerror}") from None
        try:
            self.map = None
            about = os.fstat(self.fd)
            if not stat.S_ISREG(about.st_mode):
                raise NoSuchFile(f"{path} is no regular file")
            self.size = about.st_size
            self.header = self._begin(path)
            self.offsets, self.whole = self._places()
        except BaseException:
            os.close(self.fd)
            raise

    def close(self):
        os.close(self.fd)

    def read(self, at, length):
        """Exactly these bytes; fewer are damage."""
        data = os.pread(self.fd, length, at) if at + length <= self.size else b""
        while len(data) < length:
            more = os.pread(self.fd, length - len(data), at + len(data)) if data else b""
            if not more:
                raise Damaged("the file ends in the middle of it")
            data += more
        return data

    def _begin(self, path):
        if self.size == 0:
            raise NotACryoFile(f"{path} is empty")
        if os.pread(self.fd, 8, 0) != MAGIC:
            raise NotACryoFile(f"{path} is no file of cryo's")
        try:
            found = unsealed(PROLOGUE, self.read(0, ALIGN))
            if found is None:
                raise Damaged("its checksum is another")
            _, version, checksum, length, crc, self.id = found
            if version != VERSION or checksum != cryo_file.CRC32:
                raise NotACryoFile(f"{path} is of version {version} with checksums of kind {checksum}: read here are version {VERSION} and kind 1")
            text = self.read(ALIGN, length) if length <= LONGEST_TEXT else b""
            if not text or zlib.crc32(text) != crc:
                raise Damaged("its checksum is another")
            self.begin = padded(ALIGN + length)
            return parsed(text)
        except Damaged as no:
            raise NotACryoFile(f"the header of {path} is lost: {no}") from None

    def _places(self):
        """Where records begin: by the index; where that is lost, by what looks like the head of one of this file's."""
        try:
            found = unsealed(TRAILER, self.read(self.size - ALIGN, ALIGN)) if self.size >= self.begin + ALIGN else None
            if found and found[0] == END and found[1] == self.id and found[2] + 8 * found[3] <= self.size:
                index = self.read(found[2], 8 * found[3])
                if zlib.crc32(index) == found[4]:
                    return [one for one, in struct.iter_unpack("<Q", index)], True
        except Damaged:
            pass
        return list(self._search()), False

    def _search(self):
        if self.size <= self.begin:
            return
        with mmap.mmap(self.fd, self.size, access=mmap.ACCESS_READ) as data:
            at = data.find(RECORD + self.id, self.begin)
            while at >= 0:
                if at % ALIGN == 0:
                    yield at
                at = data.find(RECORD + self.id, at + 1)

    def records(self):
        """Each record, or in its place the Damaged that says why not; a number that was there already is nothing."""
        seen, end = set(), self.begin
        for at in sorted(self.offsets):
            try:
                found = self._record(at)
                if at < end or found.number in seen:
                    raise Damaged("a record lies within another, or is there twice")
                seen.add(found.number)
                end = found.end
            except Damaged as no:
                found = no
            yield found

    def _record(self, at):
        head = unsealed(HEAD, self.read(at, ALIGN)) if at % ALIGN == 0 and at >= self.begin else None
        if head is None or head[:2] != (RECORD, self.id):
            raise Damaged("the head of a record is lost")
        _, _, number, length, count, payload, crc = head
        if length > LONGEST_TEXT or count > MOST_PARTS:
            raise Damaged("a record that cannot be")
        body = self.read(at + ALIGN, length + PART.size * count)
        if zlib.crc32(body) != crc:
            raise Damaged("the description of a record has another checksum")
        place = start = at + ALIGN + padded(len(body))
        parts = []
        for stored, raw, check, codec in PART.iter_unpack(body[length:]):
            parts.append((stored, raw, check, codec, place))
            place += padded(stored)
        if place - start != payload or place > self.size:
            raise Damaged("the file ends in the middle of it")
        return Record(number, parsed(body[:length]), parts, at, place)

    def part(self, record, number, most, mapped=False):
        """The bytes of a part, in memory that is the reader's own: at most so many."""
        stored, raw, check, codec, place = record.parts[number]
        if codec == cryo_file.RAW and raw != stored or codec not in (cryo_file.RAW, cryo_file.ZSTD):
            raise Damaged("a part that cannot be")
        if codec == cryo_file.RAW and mapped and raw >= CHUNK:
            return self._mapped(place, raw, check)
        if raw > most:
            raise Damaged(f"it needs {raw >> 20} MiB, and there are {most >> 20} MiB of memory left")
        if codec == cryo_file.RAW:
            return self._copied(place, raw, check)
        return self._unpacked(place, stored, raw, check)

    def _chunks(self, place, length, check, into=None):
        """Reads a stored part chunk by chunk, into memory or to be looked at; at its end the checksum must be right."""
        crc, into = 0, memoryview(into if into is not None else bytearray(min(CHUNK, length)))
        whole = into.nbytes == length
        for at in range(0, length, CHUNK):
            target = into[at : at + CHUNK] if whole else into[: min(CHUNK, length - at)]
            if os.preadv(self.fd, [target], place + at) != target.nbytes:
                raise Damaged("the file ends in the middle of it")
            crc = zlib.crc32(target, crc)
        if crc != check:
            raise Damaged("its checksum is another")

    def _copied(self, place, length, check):
        data = room(length)
        self._chunks(place, length, check, data)
        return data

    def _mapped(self, place, length, check):
        if self.map is None:
            self.map = memoryview(mmap.mmap(self.fd, self.size, access=mmap.ACCESS_COPY))
        data = self.map[place : place + length]
        if zlib.crc32(data) != check:
            raise Damaged("its checksum is another")
        return data

    def _unpacked(self, place, stored, raw, check):
        if cryo_file.zstandard is None:
            raise Damaged("it is compressed with zstd, and the package zstandard is missing")
        self._chunks(place, stored, check)
        data, done = room(raw), 0
        try:
            with os.fdopen(os.dup(self.fd), "rb", buffering=0) as file:
                file.seek(place)
                with cryo_file.zstandard.ZstdDecompressor().stream_reader(Bounded(file, stored), read_size=CHUNK, read_across_frames=False) as source:
                    view = memoryview(data)
                    while done < raw and (count := source.readinto(view[done : done + CHUNK])):
                        done += count
                    if done != raw or source.read(1):
                        raise Damaged("a part is not as long as it says")
        except cryo_file.zstandard.ZstdError as no:
            raise Damaged(f"zstd: {no}") from None
        return data


class Bounded:
    """As much of a file as belongs to a part."""

    def __init__(self, file, left):
        self.file = file
        self.left = left

    def read(self, count=-1):
        data = self.file.read(self.left if count < 0 else min(count, self.left))
        self.left -= len(data)
        return data
