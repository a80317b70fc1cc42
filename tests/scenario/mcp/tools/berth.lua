-- With tokens, since their scope decides what is listed, and the budget for lists as it is by default; and a group
-- of a plugin that there is not.
plugin "fixture" { file = "{{plugins}}/../fixtures/fixture.so", process = "{{process}}", services = { "events" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { groups = { letters = { "post" } } } }
limits { drain_time = "2s" }
