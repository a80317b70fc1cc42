"""A journal as systemd would have written it, made of its own export format."""

import os
import subprocess
import sys
import time

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
now = int(time.time()) * 1_000_000
entries = [
    (-7200, dict(MESSAGE=b"old", PRIORITY=b"6", _TRANSPORT=b"syslog", SYSLOG_IDENTIFIER=b"cron")),
    (-600, dict(MESSAGE=b"served", PRIORITY=b"6", _SYSTEMD_UNIT=b"web.service", _PID=b"42", _TRANSPORT=b"stdout")),
    (-500, dict(MESSAGE=b"failed \xff", PRIORITY=b"3", _SYSTEMD_UNIT=b"web.service", _PID=b"42", _TRANSPORT=b"stdout")),
    (-400, dict(MESSAGE=b"oom", PRIORITY=b"4", _TRANSPORT=b"kernel")),
    (-300, dict(MESSAGE=b"x" * 20_000, PRIORITY=b"7", _TRANSPORT=b"journal")),
    (-200, dict(MESSAGE=b"Started web.", PRIORITY=b"6", UNIT=b"web.service", _PID=b"1", _TRANSPORT=b"journal")),
]
text = b""
for number, (ago, fields) in enumerate(entries):
    at = now + ago * 1_000_000
    text += b"__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n" % (at, 1_000_000 * (number + 1), b"1" * 32)
    for key, value in fields.items():
        if b"\xff" in value:
            text += key.encode() + b"\n" + len(value).to_bytes(8, "little") + value + b"\n"
        else:
            text += key.encode() + b"=" + value + b"\n"
    text += b"\n"
subprocess.run(["/lib/systemd/systemd-journal-remote", "-o", os.path.join(folder, "made.journal"), "-"], input=text, check=True)
