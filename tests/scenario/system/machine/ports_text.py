"""Where the kernel refuses sock_diag, as in a confined process, a port is found in the text of /proc/net."""

import socket

from asking import ask, check

with socket.create_server(("127.0.0.1", 0)) as server:
    port = server.getsockname()[1]
    listed = ask("ports", port=port)
    check(listed["total"] == 1 and listed["ports"][0]["local"] == {"address": "127.0.0.1", "port": port}, listed)
check(ask("ports", port=port)["total"] == 0, "the port is still listed")
print("all told")
