-- Each session's kernel is one of Jupyter's, unless another is made.
plugin "kernel" { config = { engine = "jupyter:python3", preload = { "json" } } }
