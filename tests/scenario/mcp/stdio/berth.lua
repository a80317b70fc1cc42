-- What clients of `berth mcp` need of a host: tools that do what a test wants, and an end that is soon.
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0 } }
limits { drain_time = "2s" }
