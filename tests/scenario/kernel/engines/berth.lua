-- Two kernelspecs are allowed, and one more folder is looked into first.
plugin "kernel" { config = { preload = { "json" }, engines = { "jupyter:python3", "jupyter:mine" }, kernelspecs = { "/workspace/output/kernels" } } }
