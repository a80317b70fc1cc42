-- What sessions get and what they may ask for, so that both sides of each bound can be tried.
sessions {
  most = 20, ttl = { "1h", most = "1d" },
  limits = { memory = { "300MB", most = "600MB" }, processes = 64, cpu = { most = 2 } },
  workspace = { quota = "100MB", aliases = { "/mnt/desk" } },
}
limits { drain_time = "5s" }
