"""Scripts as clients of linux-mcp-server have them run. usage: scripts.py BERTH URL TOKEN_FILE RUN_TOKEN ADMIN_TOKEN"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "../pages"), os.path.join(HERE, "../stdio")]
from speaker import Speaker  # noqa: E402
import tools  # noqa: E402

BERTH, URL, TOKEN_FILE, RUN, ADMIN = sys.argv[1:6]
HELLO = {"description": "It greets", "script_type": "bash", "script": "echo hello > /tmp/mark; cat /tmp/mark"}


def said(asked, approve):
    return {"approval": {"action": "accept", "content": {"approve": approve}} if approve is not None else {"action": "decline"}}


def answered(client, name, arguments, approve):
    """A client of 2026-07-28: asked, and back with what it was asked for."""
    asked = client.call(name, **arguments)
    assert asked["resultType"] == "input_required", asked
    message = asked["inputRequests"]["approval"]["params"]["message"]
    again = client.ask("tools/call", name, arguments=arguments, requestState=asked["requestState"], inputResponses=said(asked, approve))
    return message, again


def text(result):
    return result["content"][0]["text"]


def newer():
    client = tools.Tools(URL, RUN, "linux")
    tools.META["io.modelcontextprotocol/clientCapabilities"] = {"elicitation": {}}
    client.fails("validate_script", "script_invalid", **{**HELLO, "script": "if; then"})
    client.fails("validate_script", "script_invalid", **{**HELLO, "script_type": "python", "script": "def"})
    client.fails("validate_script", "bash or python", **{**HELLO, "script_type": "perl"})
    client.fails("validate_script", "script is missing", description="d", script_type="bash")
    client.fails("validate_script", "bytes", **{**HELLO, "script": "#" * 70_000})
    kept = client.call("validate_script", **HELLO)["structuredContent"]
    assert kept["state"] == "waiting" and kept["token"] == kept["id"], kept
    message, result = answered(client, "run_script", {"token": kept["token"]}, True)
    assert HELLO["script"] in message and "It greets" in message, message
    assert text(result).startswith("hello\n") and result["structuredContent"]["returncode"] == 0, result
    details = client.call("get_execution_details", id=kept["id"])["structuredContent"]
    assert details["state"] == "executed" and details["result"]["stdout"] == "hello\n", details
    # A yes is for one time.
    for no in (False, None):
        _, result = answered(client, "execute_script", {"id": kept["id"]}, no)
        assert result["isError"] and "not_approved" in text(result), result
        assert client.call("get_execution_details", id=kept["id"])["structuredContent"]["state"] == "rejected"
    _, result = answered(client, "run_script_with_confirmation", {**HELLO, "script": "exit 3", "readonly": True}, True)
    assert result["isError"] and result["structuredContent"]["returncode"] == 3, result
    message, result = answered(client, "run_script_with_confirmation", {**HELLO, "script_type": "python", "script": "print(6 * 7)"}, True)
    assert text(result).startswith("42\n"), result
    no_is_a_no(client)
    waiting = client.call("run_script_interactive", **HELLO)["structuredContent"]["id"]
    assert client.call("reject_script", id=waiting)["structuredContent"]["state"] == "rejected"
    client.fails("run_script", "no_script", token="0" * 32)
    return kept["id"]


def no_is_a_no(client):
    """A yes does not undo what somebody has said while its client was asked; nor is one yes good for two that were asked."""
    for way in ("no", "rejected", "run"):
        script = client.call("validate_script", **HELLO)["structuredContent"]["id"]
        asked = client.call("run_script", token=script)
        if way == "no":
            assert post(f"/scripts/{script}", {"approve": False, "reason": "not that"}, ADMIN) == 200
        elif way == "rejected":
            client.call("reject_script", id=script)
        else:
            answered(client, "run_script", {"token": script}, True)
        result = client.ask("tools/call", "run_script", arguments={"token": script}, requestState=asked["requestState"], inputResponses=said(asked, True))
        assert result.get("isError") and "not_approved" in text(result), (way, result)
        assert client.call("get_execution_details", id=script)["structuredContent"]["state"] == ("executed" if way == "run" else "rejected")
    # Who has said yes meanwhile has said the same.
    script = client.call("validate_script", **HELLO)["structuredContent"]["id"]
    asked = client.call("run_script", token=script)
    assert post(f"/scripts/{script}", {"approve": True}, ADMIN) == 200
    result = client.ask("tools/call", "run_script", arguments={"token": script}, requestState=asked["requestState"], inputResponses=said(asked, True))
    assert text(result).startswith("hello\n"), result


def unasked():
    """A client that can be asked for nothing is told who may approve it, and how; its own token is none of these."""
    client = tools.Tools(URL, RUN, "linux")
    tools.META["io.modelcontextprotocol/clientCapabilities"] = {}
    script = client.call("validate_script", **HELLO)["structuredContent"]["id"]
    client.fails("run_script", f"POST /scripts/{script}", token=script)
    for token, status in ((RUN, 403), (ADMIN, 200)):
        assert post(f"/scripts/{script}", {"approve": True}, token) == status
    assert text(client.call("run_script", token=script)).startswith("hello\n")
    client.fails("run_script", "not_approved", token=script)
    assert post(f"/scripts/{'0' * 32}", {"approve": True}, ADMIN) == 404
    assert post(f"/scripts/{script}", {"approve": False, "reason": "not that"}, ADMIN) == 200
    assert client.call("get_execution_details", id=script)["structuredContent"]["why"] == "not that"


def post(path, body, token):
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def older():
    """A session's client is asked in the middle of the call; one that leaves meanwhile leaves a script that others may run."""
    client = Speaker([BERTH, "mcp", "--group", "linux", "--url", URL, "--token-file", TOKEN_FILE])
    client.begin()
    script = client.call("validate_script", HELLO)["result"]["structuredContent"]["id"]
    for approve, words in ((True, "hello\n"), (False, "not_approved")):
        number = client.send("tools/call", {"name": "execute_script", "arguments": {"id": script}})
        asked = client.until(lambda one: one.get("method") == "elicitation/create" and not one.get("used"))
        asked["used"] = True
        client.line(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": said(asked, approve)["approval"]}))
        assert words in text(client.answer(number)["result"]), words
    slow = client.call("validate_script", {**HELLO, "script": "sleep 600"})["result"]["structuredContent"]["id"]
    assert post(f"/scripts/{slow}", {"approve": True}, ADMIN) == 200
    number = client.send("tools/call", {"name": "execute_script", "arguments": {"id": slow}})
    wait_for(client, slow, "running")
    assert post(f"/scripts/{slow}", {"approve": True}, ADMIN) == 409
    client.tell("notifications/cancelled", {"requestId": number})
    wait_for(client, slow, "ended")
    assert client.end() == 0


def wait_for(client, script, state):
    for _ in range(500):
        if client.call("get_execution_details", {"id": script})["result"]["structuredContent"]["state"] == state:
            return
        time.sleep(0.02)
    raise AssertionError(f"it never was {state}")


newer()
unasked()
older()
print("all done")
