-- The kernel plugin in a process of its own that may die often.
plugin "kernel" { process = "own", deaths = 1000, config = { preload = { "json" }, grace_ms = 1500 } }
