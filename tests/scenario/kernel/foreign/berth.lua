-- Little preloaded and a short grace; kernels of any kernelspec that is found.
plugin "kernel" { config = { preload = { "json" }, grace_ms = 1500, output_cap = 4096 } }
