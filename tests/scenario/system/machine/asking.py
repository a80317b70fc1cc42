"""How the programs beside it ask the host."""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

address, token = sys.argv[1], sys.argv[2]


def ask(path, **query):
    given = "?" + urllib.parse.urlencode(query) if query else ""
    request = urllib.request.Request(f"http://{address}/system/{path}{given}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def check(good, *words):
    if not good:
        print("wrong:", *words)
        sys.exit(1)


def near(one, other, share=0.1, least=0):
    return abs(one - other) <= max(share * max(abs(one), abs(other)), least)
