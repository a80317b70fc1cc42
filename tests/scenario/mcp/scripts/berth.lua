-- Where clients of linux-mcp-server have scripts run: in the shell of the session, once somebody has said yes.
plugins "listed"
plugin "system" { }
plugin "shell" { }
plugin "mcp" { file = "{{plugins}}/../../lib/berth/plugins/mcp.so", process = "{{process}}", services = { "events", "calls" }, scopes = { "admin" } }
limits { drain_time = "2s" }
