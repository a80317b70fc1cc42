-- Groups: those that come with Berth, of which some are what clients of other servers know, and one of the operator's own.
auth(false)
plugins "listed"
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "workspace" { }
plugin "system" { }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0, groups = { research = { "fixture", "workspace.read" } } } }
limits { drain_time = "2s" }
