-- A browser, two groups of tools on it that clients of other browsers' servers know, and files that pages are given.
plugins "listed"
plugin "workspace" {}
plugin "browser" { jail = { allow = { { "127.0.0.1:{{beside}}", own = true } } } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" } }
limits { drain_time = "2s" }
