"""Saves the page under a name that ends so, and looks whether the file has what it should."""
import json
import sys
import urllib.parse
import urllib.request

PORT, TOKEN, ENDING, WANTED = sys.argv[1:5]
URL = f"http://127.0.0.1:{PORT}"


def ask(path, given=None):
    request = urllib.request.Request(URL + path, json.dumps(given).encode() if given else None,
                                     {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


said = json.loads(ask("/browser/save", {"path": "output/saved/page" + ENDING}))
content = ask("/workspace/download" + urllib.parse.quote(said["path"].removeprefix("/workspace")))
print("good" if WANTED.encode() in content and len(content) == said["bytes"] else content[:300])
