-- Few automatic checkpoints, so that the oldest goes soon; a shell, whose state travels. A hundred of them are some 490 MB.
sessions { limits = { memory = "1GB" } }
plugin "kernel" { config = { preload = { "json", "numpy" }, grace_ms = 1500, checkpoints = { most = 110, automatic = 3, own_mb = 60 } } }
