"""A client of MCP, each request by itself (2026-07-28), that calls tools of a group and reads their texts."""
import json
import urllib.request

META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


class Tools:
    def __init__(self, url, token, group):
        self.url, self.token, self.group = f"{url}/servers/{group}/mcp", token, group

    def ask(self, method, name=None, **params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": META}}
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                   "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
        if name:
            body["params"]["name"] = headers["Mcp-Name"] = name
        with urllib.request.urlopen(urllib.request.Request(self.url, json.dumps(body).encode(), headers), timeout=60) as answer:
            return json.load(answer)["result"]

    def call(self, name, **arguments):
        return self.ask("tools/call", name, arguments=arguments)

    def text(self, name, **arguments):
        """Of a tool that must not fail."""
        result = self.call(name, **arguments)
        assert not result.get("isError"), (name, result)
        return result["content"][0]["text"]

    def fails(self, name, words, **arguments):
        result = self.call(name, **arguments)
        assert result.get("isError") and words in result["content"][0]["text"], (name, result)

    def holds(self, words, name, **arguments):
        text = self.text(name, **arguments)
        assert words in text, f"{name} {arguments}: {words!r} is not in:\n{text}"
        return text
