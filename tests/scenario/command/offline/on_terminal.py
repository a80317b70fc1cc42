# Runs a program on a terminal of its own, ends it once it has said what it waits for, and prints what came as JSON.
# usage: on_terminal.py SECONDS UNTIL PROGRAM …       UNTIL: a text; empty: until the program ends
import json
import os
import pty
import select
import signal
import sys
import time

seconds, until, command = float(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
text, asked, end = b"", False, time.monotonic() + seconds
while time.monotonic() < end:
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # nobody has it open any more
        break
    text += piece
    if until and not asked and until in text:
        asked = True
        os.kill(pid, signal.SIGTERM)
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "text": text.decode("utf-8", "replace"), "escapes": text.count(b"\x1b")}))
