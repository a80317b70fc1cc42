"""Whether a HAR is one: every field that the form demands, and the bodies that are wanted."""
import json
import sys
from datetime import datetime

with open(sys.argv[1], encoding="utf-8") as file:
    LOG = json.load(file)["log"]
for entry in LOG["entries"]:
    datetime.fromisoformat(entry["startedDateTime"].replace("Z", "+00:00"))
    for name in "time", "cache", "timings":
        assert name in entry, name
    for name in "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize":
        assert name in entry["request"], name
    for name in "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize":
        assert name in entry["response"], name
    assert all(isinstance(entry["timings"][name], (int, float)) for name in ("send", "wait", "receive"))
BY_PATH = {entry["request"]["url"].split("/", 3)[3].split("?")[0]: entry for entry in LOG["entries"]}
assert BY_PATH["echo"]["request"]["postData"]["text"] == "what is sent"
assert BY_PATH["echo"]["response"]["content"]["text"] == "you said: what is sent"
assert BY_PATH["slow"]["request"]["queryString"] == [{"name": "seconds", "value": "0.3"}]
assert BY_PATH["away"]["response"]["redirectURL"] == "/form.html", BY_PATH["away"]
assert "Order a book" in BY_PATH["form.html"]["response"]["content"]["text"]
print("good", len(LOG["entries"]))
