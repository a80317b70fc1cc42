-- A fifth of a second on a processor for each turn, and any number of steps.
plugins "all"
plugin "kernel" { config = { preload = { "json" } } }
policies { { "budget", settings = { mode = "agent", cpu_seconds = 0.2 } } }
