#!/usr/bin/env python3
"""What clients of either era do, over `berth mcp`. usage: eras.py BERTH URL TOKEN_FILE"""
import sys
import urllib.request
import json

from speaker import Speaker

BERTH, URL, TOKEN = sys.argv[1:4]
COMMAND = [BERTH, "mcp", "--url", URL, "--token-file", TOKEN]


def cancelled():
    with open(TOKEN, encoding="utf-8") as file:
        request = urllib.request.Request(URL + "/fixture/cancelled", headers={"Authorization": "Bearer " + file.read().split()[0]})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["cancelled"]


def wait_for_cancelled(count, client):
    for _ in range(200):
        if cancelled() >= count:
            return
        client.ask("tools/list", modern=True)
    raise AssertionError("it was not cancelled")


def text(answer):
    return answer["result"]["content"][0]["text"]


def older():
    client = Speaker(COMMAND)
    hello = client.begin()
    assert hello["result"]["protocolVersion"] == "2025-11-25", hello
    assert any(tool["name"] == "test_simple_text" for tool in client.ask("tools/list")["result"]["tools"])
    assert "simple text" in text(client.call("test_simple_text"))
    # A slow call blocks nothing, and is cancelled by a message.
    before = cancelled()
    slow = client.send("tools/call", {"name": "test_endless", "arguments": {}, "_meta": {"progressToken": "p"}})
    client.until(lambda one: one.get("method") == "notifications/progress")
    assert client.ask("ping")["result"] == {}
    client.tell("notifications/cancelled", {"requestId": slow})
    wait_for_cancelled(before + 1, client)
    # A stream that the host closes meanwhile is taken up.
    assert "successfully" in text(client.call("test_reconnection"))
    # What a tool asks comes out, and what the client says to it goes in.
    asking = client.send("tools/call", {"name": "test_elicitation", "arguments": {"message": "who?"}})
    asked = client.until(lambda one: one.get("method") == "elicitation/create")
    client.line(json.dumps({"jsonrpc": "2.0", "id": asked["id"],
                            "result": {"action": "accept", "content": {"username": "ada", "email": "a@b"}}}))
    assert "ada" in text(client.answer(asking))
    # What the host says by itself.
    client.call("test_trigger_tool_change")
    client.until(lambda one: one.get("method") == "notifications/tools/list_changed")
    assert not any(one.get("id") == slow and "method" not in one for one in client.heard), "a cancelled call was answered"
    assert client.end() == 0
    assert client.errors == [], client.errors


def newer():
    client = Speaker(COMMAND)
    found = client.ask("server/discover", modern=True)
    assert "2026-07-28" in found["result"]["supportedVersions"], found
    assert "simple text" in text(client.call("test_simple_text", modern=True))
    read = client.ask("resources/read", {"uri": "test://template/ä b/data"}, modern=True)
    assert "result" in read or read["error"]["code"] != -32020, read
    before = cancelled()
    slow = client.send("tools/call", {"name": "test_endless", "arguments": {}, "_meta": {"progressToken": "p"}}, modern=True)
    client.until(lambda one: one.get("method") == "notifications/progress")
    client.tell("notifications/cancelled", {"requestId": slow})
    wait_for_cancelled(before + 1, client)
    client.send("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, modern=True)
    client.until(lambda one: one.get("method") == "notifications/subscriptions/acknowledged")
    client.call("test_trigger_tool_change", modern=True)
    client.until(lambda one: one.get("method") == "notifications/tools/list_changed")
    assert not any(one.get("id") == slow and "method" not in one for one in client.heard), "a cancelled call was answered"
    assert client.end() == 0


def many():
    """A thousand at once; all in one go, before the session is there."""
    client = Speaker(COMMAND)
    first = client.send("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}})
    client.tell("notifications/initialized")
    numbers = [client.send("tools/call", {"name": "test_simple_text", "arguments": {}}) for _ in range(1000)]
    client.answer(first)
    for number in numbers:
        assert "simple text" in text(client.answer(number, 60)), number
    assert client.end() == 0
    assert client.errors == [], client.errors


def small():
    client = Speaker(COMMAND + ["--tools", "system"])
    client.begin()
    assert client.ask("tools/list")["result"]["tools"] == []
    assert client.end() == 0
    client = Speaker(COMMAND + ["--group", "nothing"])
    answer = client.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}})
    assert "no group nothing" in answer["error"]["message"], answer
    assert client.end() == 0


for part in (older, newer, many, small):
    part()
    print(part.__name__, flush=True)
print("all said")
