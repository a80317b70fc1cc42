-- Small bounds, so that they are reached soon and the machine hardly feels it.
sessions { most = 4, limits = { memory = "300MB", processes = 48 } }
plugin "kernel" { config = { preload = { "json" }, grace_ms = 500 } }
