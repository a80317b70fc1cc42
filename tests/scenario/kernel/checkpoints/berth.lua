-- Few automatic checkpoints, so that the oldest goes soon; a shell, whose state travels.
plugin "kernel" { config = { preload = { "json", "numpy" }, grace_ms = 1500, checkpoints = { most = 110, automatic = 3, own_mb = 60 } } }
