#!/usr/bin/python3
"""Hostile files, made by script, each judged by ours: within a second and 256 MB, without falling over, and with the verdict that it deserves.

usage: hostile.py [--into FOLDER] [--look PROGRAM] [--seconds S] [--megabytes M]
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import threading
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import ours  # noqa: E402
import packing  # noqa: E402
from makers.hand import W, sheet, word  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
subprocess._USE_VFORK = False  # a child's peak would begin with that of this process
P = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
CELL = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'


def document(text):
    """A document whose main part is exactly this."""
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return packing.pack([(name, data if name == "word/document.xml" else bytes_) for name, bytes_ in packing.unpack(word(P))])


def deep(count, body="<w:p/>"):
    return f"<w:document {W}><w:body>{'<w:sdt><w:sdtContent>' * count}{body}{'</w:sdtContent></w:sdt>' * count}</w:body></w:document>"


def bomb(gigabytes, name="xl/worksheets/sheet1.xml"):
    """A part of so many GB of blanks, in a file of a few MB; the checksum is right for one of them alone, which must be enough."""
    block = b" " * (1 << 20)
    head, tail = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>', b"</sheetData></worksheet>"
    checksum = zlib.crc32(head)
    for _ in range(1024 if gigabytes == 1 else 0):
        checksum = zlib.crc32(block, checksum)
    checksum = zlib.crc32(tail, checksum)
    packed = flushed(head) + flushed(block) * (gigabytes << 10) + flushed(tail) + b"\3\0"
    rest = [(one, data) for one, data in packing.unpack(sheet()) if one != name]
    return stored(rest, [(name, packed, checksum, len(head) + (gigabytes << 30) + len(tail))])


def flushed(data):
    """Deflated so that it can stand anywhere in a stream, as often as one likes."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


def stored(parts, raw):
    """A zip file by hand: `raw` entries are deflated already."""
    out, directory = b"", b""
    entries = [(name, zlib.compress(data)[2:-4], zlib.crc32(data), len(data)) for name, data in parts] + raw
    for name, packed, checksum, size in entries:
        fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, checksum, len(packed), min(size, 0xFFFFFFFE))
        directory += b"PK\1\2" + struct.pack("<H", 20) + fields + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, len(out)) + name.encode()
        out += b"PK\3\4" + fields + struct.pack("<HH", len(name), 0) + name.encode() + packed
    return out + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)


def with_entry(name, data=b"x", base=None):
    return packing.pack(packing.unpack(base or sheet(CELL)) + [(name, data)])


DTD = '<?xml version="1.0"?><!DOCTYPE w:document [{0}]>' + f"<w:document {W}><w:body><w:p><w:r><w:t>{{1}}</w:t></w:r></w:p></w:body></w:document>"
LAUGHS = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
SPACES = " ".join(f'xmlns:n{n}="urn:n{n}"' for n in range(5000))


def cases():
    """(file name, bytes, codes of which one must be found; none: any verdict will do)."""
    yield "bomb-1gb.xlsx", bomb(1), {"limit-exceeded"}
    yield "bomb-5gb.xlsx", bomb(5), {"limit-exceeded"}
    yield "deep-100000.docx", document(deep(50000)), {"depth-limit"}
    yield "deep-100000-unclosed.docx", document(f"<w:document {W}><w:body>" + "<w:sdt>" * 100000), {"depth-limit", "not-well-formed"}
    for name in ("../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:\\evil.xml", "xl\\..\\..\\evil.xml", "..", "xl/./x.xml"):
        yield f"path-{name.translate(str.maketrans('/.:' + chr(92), '____'))}.xlsx", with_entry(name), {"unsafe-path"} if ".." in name else set()
    yield "path-nul.xlsx", with_entry("xl/a").replace(b"xl/a", b"x\0/a"), set()
    yield "path-long.xlsx", with_entry("xl/" + "a" * 60000), set()
    project = {"vbaProject.bin": ("application/vnd.ms-office.vbaProject", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))}
    leads = [("rId9", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")]
    yield "vba-in-xlsx.xlsx", sheet(CELL, project, book_rels=leads), {"macros-not-allowed", "macros"}
    yield "xxe.docx", document(DTD.format('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")), {"dtd"}
    yield "xxe-parameter.docx", document(DTD.format('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;', "y")), {"dtd"}
    doctype = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><Types'
    parts = [(name, data.replace(b"<Types", doctype) if name == "[Content_Types].xml" else data) for name, data in packing.unpack(word(P))]
    yield "xxe-in-types.docx", packing.pack(parts), {"dtd", "not-well-formed"}
    yield "laughs.docx", document(DTD.format(LAUGHS, "&a9;")), {"dtd"}
    yield "entity-undeclared.docx", document(deep(0, "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")), {"not-well-formed", "bad-reference"}
    yield "attribute-100mb.docx", document(deep(0, f'<w:p w:rsidR="{"A" * 100_000_000}"/>')), {"limit-exceeded", "attribute-limit"}
    many = " ".join(f'w:a{n}="1"' for n in range(100000))
    yield "attributes-100000.docx", document(f"<w:document {W}><w:body><w:p {many}/></w:body></w:document>"), {"limit-exceeded", "attribute-limit"}
    yield "name-10mb.docx", document(f"<w:document {W}><w:{'a' * 10_000_000}/></w:document>"), {"limit-exceeded", "name-limit"}
    yield "spaces-5000.docx", document(f"<w:document {W} {SPACES}><w:body/></w:document>"), {"limit-exceeded", "namespace-limit"}
    yield "text-200mb.docx", document(f"<w:document {W}><w:body><w:p><w:r><w:t>{'a' * 200_000_000}</w:t></w:r></w:p></w:body></w:document>"), {"limit-exceeded"}
    yield "comment-50mb.docx", document(f"<w:document {W}><!--{'-a' * 25_000_000}--><w:body/></w:document>"), set()
    yield "errors-million.docx", document(f"<w:document {W}><w:body>{'<w:x/>' * 1_000_000}</w:body></w:document>"), {"unexpected-element", "unknown-element"}
    parts = packing.unpack(sheet(CELL))
    yield "duplicates.xlsx", packing.pack(parts + parts), {"duplicate-entry"}
    yield "duplicates-case.xlsx", packing.pack(parts + [("XL/WORKBOOK.XML", parts[2][1])]), {"duplicate-entry"}
    yield "entries-70000.xlsx", packing.pack(parts + [(f"x/{n}", b"") for n in range(70000)]), {"limit-exceeded"}
    yield "nested.xlsx", with_entry("xl/inner.xlsx", bomb(1)), set()
    for name, encoding in (("utf-16-unsaid", "utf-16-le"), ("utf-32", "utf-32"), ("utf-7", "utf-7"), ("ebcdic", "cp500")):
        yield f"encoding-{name}.docx", document(deep(0).encode(encoding)), set()
    yield "encoding-lies.docx", document(b'<?xml version="1.0" encoding="UTF-16"?>' + deep(0).encode()), set()
    yield "encoding-klingon.docx", document(b'<?xml version="1.0" encoding="klingon"?>' + deep(0).encode()), {"bad-encoding"}
    overlong = deep(0, "<w:p><w:r><w:t>\xff</w:t></w:r></w:p>").encode("latin1").replace(b"\xff", b"\xc0\xaf")
    yield "encoding-overlong.docx", document(overlong), {"bad-encoding", "not-well-formed"}
    yield "empty.xlsx", b"", {"not-a-zip", "truncated"}
    yield "text.docx", b"just words", {"not-a-zip"}
    yield "compound.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), set()
    yield "zip-of-nothing.docx", b"PK\5\6" + bytes(18), set()
    yield "claims-4gb.xlsx", stored(parts, [("xl/big.xml", b"\3\0", 0, 0xFFFFFFF0)]), set()
    whole = packing.pack([(name, data) for name, data in packing.unpack(word(P * 3000, {"comments.xml": ("comments", "<x/>")}))], 0)
    yield from ((f"cut-{size // 1024:03}kb.docx", whole[:size], {"truncated", "not-a-zip"}) for size in range(1024, len(whole), 1024))
    for number, place in enumerate(range(0, len(whole), max(1, len(whole) // 100))):
        yield f"flip-{number:03}.docx", whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1:], set()


def judge(program, path):
    """(seconds of the processor, megabytes, what it said)."""
    said = path + ".said"
    with open(said, "wb") as out:
        child = subprocess.Popen([program, path], stdout=out, stderr=subprocess.DEVNULL)
        timer = threading.Timer(120, child.kill)
        timer.start()
        _, status, used = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    with open(said, "rb") as file:
        text = file.read()
    os.unlink(said)
    try:
        answer = json.loads(text) if status == 0 else None
    except ValueError:
        answer = None
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, answer


def look_at_all(program, folder, seconds, megabytes):
    bad = count = 0
    slowest = biggest = 0.0
    for name, data, wanted in cases():
        count += 1
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        took, peak, said = judge(program, path)
        codes = {one["code"] for one in said["findings"]} if said else set()
        slowest, biggest = max(slowest, took), max(biggest, peak)
        wrong = [] if said else ["fell over or took minutes"]
        wrong += [f"{took:.2f} s"] if took > seconds else []
        wrong += [f"{peak:.0f} MB"] if peak > megabytes else []
        wrong += [f"none of {sorted(wanted)} in {sorted(codes)}"] if said and wanted and not wanted & codes else []
        if wrong:
            bad += 1
            print(f"{name}: {'; '.join(wrong)}")
        os.unlink(path)
    print(f"{count} hostile files, {bad} not as they should; at most {slowest:.2f} s of the processor and {biggest:.0f} MB")
    return bad


def main():
    parser = argparse.ArgumentParser(description="Judges hostile files.")
    parser.add_argument("--into", default=os.path.join(ROOT, "build/judge/hostile"))
    parser.add_argument("--look", default=ours.binary())
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--megabytes", type=float, default=256)
    told = parser.parse_args()
    if not told.look or not os.access(told.look, os.X_OK):
        print("SKIP: ooxml-look is not built")
        return 77
    os.makedirs(told.into, exist_ok=True)
    return 1 if look_at_all(told.look, told.into, told.seconds, told.megabytes) else 0


if __name__ == "__main__":
    sys.exit(main())
