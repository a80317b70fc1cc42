#!/usr/bin/env python3
"""A client of MCP's HTTP+SSE: says hello, calls a tool, begins another one and leaves. usage: sse_client.py URL"""
import json
import sys
import urllib.parse
import urllib.request


def events(stream):
    name, data = "", ""
    for raw in stream:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and data:
            yield name, data
            name, data = "", ""


def main(url):
    with urllib.request.urlopen(url, timeout=20) as stream:
        heard = events(stream)
        _, place = next(heard)
        target = urllib.parse.urljoin(url, place)

        def say(message):
            request = urllib.request.Request(target, json.dumps({"jsonrpc": "2.0", **message}).encode(),
                                             {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.status == 202, answer.status

        def answer_to(number):
            for name, data in heard:
                message = json.loads(data)
                if name == "message" and message.get("id") == number:
                    return message["result"]
            raise SystemExit("the stream ended")

        say({"id": 1, "method": "initialize", "params": {"protocolVersion": "2024-11-05", "capabilities": {},
                                                         "clientInfo": {"name": "x", "version": "1"}}})
        print("initialized", answer_to(1)["protocolVersion"])
        say({"method": "notifications/initialized"})
        say({"id": 2, "method": "tools/call", "params": {"name": "test_simple_text"}})
        print(answer_to(2)["content"][0]["text"])
        say({"id": 3, "method": "tools/call", "params": {"name": "test_endless", "arguments": {"mark": "sse"}}})


main(sys.argv[1])
