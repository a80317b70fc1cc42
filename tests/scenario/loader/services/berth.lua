-- A guest with everything it may be lent, where run.py says that it runs; and the probe, to be called.
plugin "guest" {
  file = "{{plugins}}/../guests/guest.so", process = "{{process}}", memory = "8GiB", heartbeat = "60s", start_time = "60s",
  services = { "events", "jobs", "calls", "secrets", "metrics" },
  scopes = { "run", "probe.*", "guest.*", "host.*" },
  secrets = { api_key = { env = "GUEST_KEY" } },
  config = { listen = "guest.* job.*", colour = "blue", call = "probe.echo" },
}
token { name = "alice", scope = "run", session = "main", secret_env = "ALICE" }
token { name = "reader", scope = "read", secret_env = "READER" }
jobs { keep = 3 }
events { keep = 200 }
