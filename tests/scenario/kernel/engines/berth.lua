-- Two kernelspecs are allowed, and one more folder is looked into first.
plugin "kernel" { config = { preload = { "json" }, engines = { "python3", "mine" }, kernelspecs = { "/workspace/output/kernels" } } }
