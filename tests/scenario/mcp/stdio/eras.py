#!/usr/bin/env python3
"""What clients of either era do, over `berth mcp`. usage: eras.py BERTH URL TOKEN_FILE"""
import json
import sys
import time
import urllib.request

from speaker import Speaker

BERTH, URL, TOKEN = sys.argv[1:4]
COMMAND = [BERTH, "mcp", "--url", URL, "--token-file", TOKEN]


def get(path):
    with open(TOKEN, encoding="utf-8") as file:
        request = urllib.request.Request(URL + path, headers={"Authorization": "Bearer " + file.read().split()[0]})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def cancelled():
    return json.loads(get("/fixture/cancelled"))["cancelled"]


def under_way():
    return next(int(line.split()[1]) for line in get("/metrics").splitlines() if line.startswith("berth_calls_in_flight "))


def wait_until(holds):
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never was so")


def cancel_silent(client, modern, number):
    """A tool that says nothing hears that it is cancelled, and its id is free again."""
    before, calls = cancelled(), under_way()
    client.send("tools/call", {"name": "test_endless", "arguments": {}}, modern, number)
    wait_until(lambda: under_way() >= calls + 2)  # /mcp's and the tool's
    client.tell("notifications/cancelled", {"requestId": number})
    client.send("tools/call", {"name": "test_simple_text", "arguments": {}}, modern, number)
    assert "simple text" in text(client.answer(number))
    wait_until(lambda: cancelled() >= before + 1)


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
    wait_until(lambda: cancelled() >= before + 1)
    cancel_silent(client, False, 9000)
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
    wait_until(lambda: cancelled() >= before + 1)
    cancel_silent(client, True, 9000)
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


def batches():
    """Answered together in the revision that has them; in others each request is refused by its id."""
    client = Speaker(COMMAND)
    client.begin("2025-03-26")
    batch = [{"jsonrpc": "2.0", "id": f"b{i}", "method": "tools/call", "params": {"name": "test_simple_text", "arguments": {}}} for i in range(20)]
    client.line(json.dumps(batch + [{"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}]))
    answers = client.until_batch()
    assert {one["id"] for one in answers} == {one["id"] for one in batch}, answers
    assert all("simple text" in text(one) for one in answers), answers
    assert client.end() == 0
    assert len(client.batches) == 1
    client = Speaker(COMMAND)
    client.begin("2025-06-18")
    client.line(json.dumps(batch))
    for one in batch:
        assert client.answer(one["id"])["error"]["code"] == -32600
    assert client.end() == 0


def small():
    for plugins, names in (("fixture", {"test_simple_text"}), ("nothing", set())):
        client = Speaker(COMMAND + ["--tools", plugins])
        client.begin()
        listed = {tool["name"] for tool in client.ask("tools/list")["result"]["tools"]}
        assert listed >= names and bool(listed) == bool(names) and not any(name.startswith("system_") for name in listed), listed
        assert client.end() == 0
    client = Speaker(COMMAND + ["--group", "nothing"])
    answer = client.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}})
    assert "no group nothing" in answer["error"]["message"], answer
    assert client.end() == 0


for part in (older, newer, many, batches, small):
    part()
    print(part.__name__, flush=True)
print("all said")
