"""What a person does who sees the page: goes to the field, types, and presses Enter."""
import json
import sys
import urllib.request

PORT, TOKEN, KEY = sys.argv[1:4]


def steer(*events):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/browser/takeover/steer", json.dumps({"key": KEY, "events": events}).encode(),
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


# Tab leads to the field, as it does for everybody.
steer({"kind": "move", "x": 5, "y": 5}, {"kind": "key", "keys": "Tab"}, {"kind": "text", "text": "By hand"}, {"kind": "key", "keys": "Enter"})
print("typed")
