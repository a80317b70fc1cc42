"""Starts jupyter_server on a free port of 127.0.0.1 and says when it listens. No limit of output is in its way, nothing is
logged, and a client that waits for its turn need not answer pings."""
import argparse
import json
import os
import sys

from jupyter_server.serverapp import ServerApp

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from kit.processes import free_port  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-fd", type=int, default=1)
    ready = parser.parse_args().ready_fd
    server = ServerApp.instance()
    server.initialize([
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={free_port()}", "--ServerApp.port_retries=0", "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True", f"--ServerApp.token={os.environ['BENCH_TOKEN']}", f"--ServerApp.root_dir={os.getcwd()}",
        "--ServerApp.log_level=ERROR", "--ServerApp.tornado_settings={'limit_rate': False, 'ws_ping_interval': 0}",
        "--ZMQChannelsWebsocketConnection.limit_rate=False"], find_extensions=False)
    line = {"listen": [f"127.0.0.1:{server.port}"], "pid": os.getpid()}
    server.io_loop.add_callback(lambda: os.write(ready, json.dumps(line).encode() + b"\n"))
    server.start()


if __name__ == "__main__":
    main()
