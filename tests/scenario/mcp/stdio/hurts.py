#!/usr/bin/env python3
"""Hosts that are not there or killed, and clients that misbehave. usage: hurts.py BERTH PLUGINS FOLDER"""
import fcntl
import json
import os
import subprocess
import sys
import time

from speaker import Speaker

BERTH, PLUGINS, FOLDER = sys.argv[1:4]
SOCKET, STATE = FOLDER + "/own.sock", FOLDER + "/own"
COMMAND = [BERTH, "mcp", "--url", "unix:" + SOCKET, "--state", STATE]
CONFIG = f"""listen "unix:{SOCKET}"
plugins "listed"
plugin "fixture" {{ file = "{PLUGINS}/../fixtures/fixture.so", process = "host", services = {{ "events" }} }}
plugin "mcp" {{ file = "{PLUGINS}/../../lib/berth/plugins/mcp.so", process = "host", services = {{ "events", "calls" }}, scopes = {{ "admin" }},
  config = {{ budget = 0 }} }}
"""


def start():
    with open(FOLDER + "/own.lua", "w", encoding="utf-8") as file:
        file.write(CONFIG)
    host = subprocess.Popen([BERTH, "serve", "--config", FOLDER + "/own.lua", "--state", STATE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        if subprocess.run([BERTH, "call", "host.status", "--url", "unix:" + SOCKET, "--state", STATE], capture_output=True, check=False).returncode == 0:
            return host
        time.sleep(0.05)
    host.kill()
    raise AssertionError("the host does not start")


def killed():
    """Who asks while there is no host is told so; once there is one, all goes on, with the session opened anew."""
    os.makedirs(STATE, exist_ok=True)
    client = Speaker(COMMAND)
    refused = client.ask("ping")
    assert "berth serve" in refused["error"]["message"], refused
    client.until_error("berth serve")
    host = start()
    try:
        client.stop()
        client = Speaker(COMMAND)
        client.begin()
        slow = [client.send("tools/call", {"name": "test_endless", "arguments": {}}, modern) for modern in (False, True, False, True)]
        assert client.ask("ping")["result"] == {}
        host.kill()
        host.wait()
        assert "error" in client.ask("ping")
        for number in slow:
            assert "error" in client.answer(number, 60)
        host = start()
        for _ in range(100):
            answer = client.call("test_simple_text")
            if "result" in answer and not answer["result"].get("isError"):
                break
            time.sleep(0.05)
        assert "simple text" in answer["result"]["content"][0]["text"], answer
        # It listens to the new one, too.
        told = client.changes()
        assert told > 0
        for _ in range(200):
            client.call("test_trigger_tool_change")
            if client.changes() > told:
                break
            time.sleep(0.05)
        assert client.changes() > told
        assert client.end() == 0
    finally:
        host.kill()
        host.wait()


def deaf():
    """Nobody reads what is answered: it waits, with what it may hold, and its end is its end."""
    client = Speaker(COMMAND, read=False)
    os.set_blocking(client.process.stdin.fileno(), False)
    fcntl.fcntl(client.process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "nothing", "params": {"fill": "x" * (1 << 20)}}).encode() + b"\n"
    sent, still = 0, 0
    while still < 20 and sent < 1 << 30:
        try:
            sent += os.write(client.process.stdin.fileno(), line[sent % len(line):])
            still = 0
        except BlockingIOError:
            still += 1
            time.sleep(0.05)
    assert sent < 1 << 30, "it takes whatever comes"
    assert client.resident() < 512 << 20, client.resident()
    assert client.end() == 0


def giant():
    client = Speaker(COMMAND)
    client.process.stdin.write(b'{"jsonrpc":"2.0","method":"ping","params":{"fill":"')
    for _ in range(560):
        client.process.stdin.write(b"x" * (1 << 20))
    client.line('"},"id":"giant"}')
    assert "longer than" in client.answer("giant", 60)["error"]["message"]
    assert client.resident() < 512 << 20, client.resident()
    for line, code in (("{", -32700), ("[]", -32600), ("[" * 100_000, -32700), ('{"jsonrpc":"2.0","id":{}}', -32600), ("7", -32600)):
        client.heard.clear()
        client.line(line)
        assert client.until(lambda one: "error" in one)["error"]["code"] == code, line[:50]
    assert client.ask("ping")["error"]["code"] == -32600  # no session yet, and all goes on
    assert client.end() == 0


def gone():
    """A client that is gone without a word, one that is ended by a signal, and one that says no more."""
    client = Speaker(COMMAND, read=False)
    client.process.stdout.close()
    client.send("ping")
    assert client.process.wait(10) == 1
    client = Speaker(COMMAND)
    client.begin()
    client.send("tools/call", {"name": "test_endless", "arguments": {}})
    client.process.terminate()
    assert client.process.wait(10) == 0
    client = Speaker(COMMAND)
    client.begin()
    client.send("tools/call", {"name": "test_endless", "arguments": {}})
    client.send("tools/call", {"name": "test_endless", "arguments": {}}, modern=True)
    assert client.end() == 0


killed()
print("killed", flush=True)
own = start()
try:
    for part in (deaf, giant, gone):
        part()
        print(part.__name__, flush=True)
finally:
    own.kill()
    own.wait()
print("all borne")
