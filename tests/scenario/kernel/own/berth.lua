-- The kernel plugin in a confined process of its own, which may signal nobody.
sessions { limits = { memory = "300MB" } }
plugin "kernel" { process = "own", config = { preload = { "json" }, grace_ms = 1500 } }
