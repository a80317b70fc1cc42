-- One kernel with little preloaded, so that it is there at once, and a short grace.
plugin "kernel" { config = { preload = { "json" }, grace_ms = 1500, output_cap = 4096 } }
