"""The pages that the cases go to, on loopback: files of `site/`, and a few answers that no file can give."""
import http.server
import json
import os
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")


class Site(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *given):
        super().__init__(*given, directory=HERE)

    def log_message(self, *_):
        pass

    def do_GET(self):
        where = urlsplit(self.path)
        answer = getattr(self, "at_" + where.path.strip("/").replace("/", "_").replace(".", "_"), None)
        if answer:
            answer({name: values[0] for name, values in parse_qs(where.query).items()})
        else:
            super().do_GET()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.say("you said: " + body.decode(), Content_Type="text/plain")

    def say(self, text, status=200, **fields):
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **fields}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def at_slow(self, query):
        time.sleep(min(float(query.get("seconds", 1)), 10))
        self.say("<title>slow</title><h1>At last</h1>")

    def at_file(self, query):
        self.say(query.get("content", "what is kept"), Content_Type="application/octet-stream",
                 Content_Disposition='attachment; filename="' + query.get("name", "a.txt") + '"')

    def give_on(self, name, piece, pause):
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Disposition", f'attachment; filename="{name}"')
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    def at_endless(self, _):
        self.give_on("endless", b"x" * (4 << 20), 0)

    def at_drip(self, _):
        self.give_on("drip", b"x" * 1000, 0.05)

    def at_locked(self, _):
        if self.headers.get("Authorization") == "Basic YW5uOnNlY3JldA==":
            self.say("<title>inside</title>")
        else:
            self.say("<title>locked out</title>", 401, WWW_Authenticate='Basic realm="books"')

    def at_agent(self, _):
        self.say(json.dumps(dict(self.headers)), Content_Type="application/json")

    def at_large(self, _):
        self.say("x" * (8 << 20), Content_Type="text/plain")

    def at_away(self, _):
        self.say("", 302, Location="/form.html")

    def at_private(self, _):
        self.say("", 302, Location="http://10.0.0.1/")

    def at_missing(self, _):
        self.say("<title>missing</title><h1>Nothing here</h1>", 404)

    def at_hello(self, _):
        self.say("<title>cookies</title><p id=c>" + (self.headers.get("Cookie") or "none") + "</p>",
                 Set_Cookie="visited=yes; Max-Age=3600; HttpOnly")


def main():
    port = 0
    for address in "127.0.0.1", "127.0.0.2":  # two sites, as a browser sees it
        server = http.server.ThreadingHTTPServer((address, port), Site)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
    print(port, flush=True)
    sys.stdin.read()


main()
