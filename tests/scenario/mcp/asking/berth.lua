-- What is asked of whoever is behind a client: an operation's approval, and a cell's input().
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "kernel" { }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0, task = 1 } }
policies { { file = "{{here}}/asks.lua" } }
limits { drain_time = "2s" }
