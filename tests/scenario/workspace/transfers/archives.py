#!/usr/bin/python3
"""Archives, good and evil, sent to a host: what comes of each. usage: archives.py ADDRESS TOKEN WORKSPACE"""
import http.client
import io
import json
import os
import sys
import tarfile
import zipfile

ADDRESS, TOKEN, WORKSPACE = sys.argv[1:]


def ask(method, path, body=None):
    connection = http.client.HTTPConnection(ADDRESS, timeout=60)
    connection.request(method, path, body=body, headers={"Authorization": "Bearer " + TOKEN})
    answer = connection.getresponse()
    return answer.status, answer.read()


def tar(*members, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as file:
        for name, kind, more in members:
            one = tarfile.TarInfo(name)
            one.type = kind
            if kind == tarfile.REGTYPE:
                one.size = len(more)
                file.addfile(one, io.BytesIO(more))
            else:
                one.linkname = more
                file.addfile(one)
    return out.getvalue()


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return out.getvalue()


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got!r}, expected {wanted!r}")


GOOD = ("good", tarfile.REGTYPE, b"good")
EVIL = {
    "absolute": tar(GOOD, ("/tmp/berth-evil", tarfile.REGTYPE, b"x")),
    "above": tar(GOOD, ("a/../../evil", tarfile.REGTYPE, b"x")),
    "link out": tar(GOOD, ("l", tarfile.SYMTYPE, "../../..")),
    "link absolute": tar(GOOD, ("l", tarfile.SYMTYPE, "/etc")),
    "through a link": tar(("d", tarfile.DIRTYPE, ""), ("l", tarfile.SYMTYPE, "d"), ("l/x", tarfile.REGTYPE, b"x")),
    "hard link out": tar(GOOD, ("h", tarfile.LNKTYPE, "../named.txt")),
    "pipe": tar(GOOD, ("p", tarfile.FIFOTYPE, "")),
    "device": tar(GOOD, ("d", tarfile.CHRTYPE, "")),
    "zip above": zipped(("good", "good"), ("../evil", "x")),
    "zip absolute": zipped(("/etc/evil", "x")),
    "zip bomb": zipped(("zeros", b"\0" * 200_000_000)),
    "cut": tar(("big", tarfile.REGTYPE, os.urandom(100_000)))[:50_000],
    "none": b"no archive",
}
before = sorted(os.listdir(os.path.join(WORKSPACE, "upload")))
for what, body in EVIL.items():
    status, answer = ask("POST", "/workspace/upload?extract=true&path=evil", body)
    expect(what, status, 422)
    print(what, json.loads(answer)["code"])
expect("what is left", sorted(os.listdir(os.path.join(WORKSPACE, "upload"))), before)
for name, body in (("t", tar(GOOD)), ("x", tar(GOOD, mode="w:xz")), ("u", tar(GOOD, mode="w")), ("z", zipped(("good", "good"), ("ä/ö", "ü")))):
    status, answer = ask("POST", f"/workspace/upload?extract=true&path={name}", body)
    expect(name, (status, json.loads(answer).get("path")), (200, "/workspace/upload/" + name))
    with open(os.path.join(WORKSPACE, "upload", name, "good"), "rb") as file:
        expect(name, file.read(), b"good")
with open(os.path.join(WORKSPACE, "upload", "z", "ä", "ö"), encoding="utf-8") as file:
    expect("a name", file.read(), "ü")
expect("again", ask("POST", "/workspace/upload?extract=true&path=t", tar(GOOD))[0], 409)
for kind in ("tar", "zip"):
    status, body = ask("GET", f"/workspace/download/upload/z?archive={kind}")
    expect(kind, status, 200)
    if kind == "tar":
        names = sorted(tarfile.open(fileobj=io.BytesIO(body)).getnames())
        expect(kind, names, ["z/good", "z/ä", "z/ä/ö"])
    else:
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            expect(kind, file.testzip(), None)
            expect(kind, file.read("z/ä/ö").decode(), "ü")
