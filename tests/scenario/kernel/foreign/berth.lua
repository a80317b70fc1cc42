-- Little preloaded and a short grace; kernels of any kernelspec that is found.
plugin "kernel" { config = { preload = { "json" }, grace_ms = 5000, output_cap = 4096 } }
