"""What the programs of this folder have in common: requests to the host, and what comes of one request over the wire."""
import json
import sys
import time
import urllib.request
from queue import Empty

PATIENCE = 60


class Host:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers, method=method), timeout=PATIENCE) as answer:
            return json.load(answer)


def connect(host, transport, client_class, engine="python"):
    """A client of a new kernel's wire."""
    kernel = host.ask("POST", "/kernels", {"engine": engine})["kernel"]
    info = host.ask("GET", f"/kernels/{kernel}/connection?transport={transport}")
    client = client_class()
    client.load_connection_info({key: value for key, value in info.items() if key not in ("connection_file", "kernel")})
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    return kernel, client, info


def outputs(client, request):
    """What was published about a request, up to idle."""
    found, end = [], time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            message = client.get_iopub_msg(timeout=1)
        except Empty:
            continue
        if message["parent_header"].get("msg_id") != request:
            continue
        found.append((message["msg_type"], message["content"]))
        if found[-1] == ("status", {"execution_state": "idle"}):
            return found
    raise TimeoutError(f"no idle of {request}: {found}")


def reply(client, request, channel="shell"):
    get = client.get_shell_msg if channel == "shell" else client.get_control_msg
    while True:
        message = get(timeout=PATIENCE)
        if message["parent_header"]["msg_id"] == request:
            return message["content"]


def expect(what, *wanted):
    if not all(wanted):
        sys.exit(f"not as it should be: {what}")
