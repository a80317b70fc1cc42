-- What is left behind goes after a second, and what lasts so long is a task, so that nobody has to wait for that.
auth(false)
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0, away = 1, watch = 1, task = 1 } }
limits { drain_time = "2s" }
