-- A plugin whose jobs go as far as they are told to, for clients of either era.
auth(false)
plugin "guest" { file = "{{plugins}}/../guests/guest.so", process = "{{process}}", services = { "jobs", "events", "calls", "metrics", "timers", "files", "process", "http", "secrets" },
  scopes = { "run" }, config = { colour = "blue" } }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" },
  config = { budget = 0, task = 1 } }
limits { drain_time = "2s" }
