plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" } }
limits { drain_time = "2s" }
