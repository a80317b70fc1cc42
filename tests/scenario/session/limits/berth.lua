-- Small bounds, so that they are reached soon and the machine hardly feels it.
sessions {
  most = 5, workspace = { quota = "5MB" },
  limits = { memory = "300MB", processes = 48, wall_time = { "1min", most = "10min" } },
}
plugin "shell" { }
plugin "kernel" { config = { preload = { "json" } } }
