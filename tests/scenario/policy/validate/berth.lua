-- One check finds fault with every file, since it wants something else; one with none; and one is not there.
plugins "all"
plugin "kernel" { config = { preload = { "json" } } }
policies { { "validate", settings = { checks = { bad = "probe.echo", good = "probe.park_not", fine = "workspace.read" }, block = true } } }
