-- A kernel with little preloaded, and two deaths are enough.
plugins "all"
plugin "kernel" { config = { preload = { "json" } } }
policies { { "heal", settings = { crashes = 2, rest = 60 } } }
