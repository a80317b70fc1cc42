-- What clients from npm find: tools that ask, tell and fail as a test wants, with tokens as they are by default.
plugins "listed"
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0, groups = { fixture = { "fixture" } } } }
limits { drain_time = "2s" }
