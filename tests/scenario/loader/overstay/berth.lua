-- Little patience with what a plugin had begun before it was reloaded; where the plugins run, run.py says.
limits { leave_time = "1s" }
plugin "guest" {
  file = "{{plugins}}/../guests/guest.so", process = "{{process}}", memory = "8GiB", heartbeat = "60s", start_time = "60s",
  services = { "events", "jobs", "calls", "secrets" }, scopes = { "run", "probe.*" },
}
