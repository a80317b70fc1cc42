"""Ten pages as large as real ones are, made from a seed, the same each time; and, run as a program, the server of loopback that has them."""
import argparse
import http.server
import json
import os

from hand import Hand, framed
import reading
import working

MAKERS = {"shop": reading.shop, "article": reading.article, "table": working.table, "forum": reading.forum, "form": working.form,
          "dashboard": working.dashboard, "results": reading.results, "docs": reading.docs, "mail": working.mail, "map": working.map_}
NAMES = tuple(MAKERS)
BUY = ".button--buy"
SCRIPT = f"""window.bought = 0;
addEventListener('click', (event) => {{ if (event.isTrusted && event.target.closest('{BUY}')) window.bought += 1; }});
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18" fill="#9ab"/></svg>'
HANGS = "<!doctype html><title>hangs</title><h1>Hangs</h1><script>window.hang = () => setTimeout(() => { for (;;); }, 0);</script>"


def made():
    """All ten: {name: (title, HTML)}."""
    found = {}
    for name, make in MAKERS.items():
        hand = Hand(name)
        title, body = make(hand)
        found[name] = title, framed(hand, title, body)
    return found


def answers():
    """What the server gives: {path: (type, bytes)}."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "style.css"), "rb") as file:
        style = file.read()
    found = {"/style.css": ("text/css", style), "/app.js": ("text/javascript", SCRIPT.encode()), "/dot.svg": ("image/svg+xml", DOT.encode()),
             "/hangs": ("text/html; charset=utf-8", HANGS.encode()), "/favicon.ico": ("image/svg+xml", DOT.encode())}
    found.update({f"/{name}": ("text/html; charset=utf-8", text.encode()) for name, (_, text) in made().items()})
    return found


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body leave together
    pages = {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, _, query = self.path.partition("?")
        kind, body = self.pages.get(path, ("text/plain", b"there is none"))
        self.send_response(200 if path in self.pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if query.startswith("keep="):
            self.send_header("Set-Cookie", f"kept={query[5:]}; Max-Age=3600")
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-fd", type=int, required=True)
    options = parser.parse_args()
    Site.pages = answers()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    with os.fdopen(options.ready_fd, "w", encoding="ascii") as ready:
        ready.write(json.dumps({"listen": [f"127.0.0.1:{server.server_port}"], "pid": os.getpid()}) + "\n")
    server.serve_forever()


if __name__ == "__main__":
    main()
