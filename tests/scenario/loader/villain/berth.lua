-- A plugin that commits crimes, in its own process, with little patience; earlier deaths are forgotten after a second.
plugin "villain" { file = "{{plugins}}/../villains/villain.so", memory = "128MiB", heartbeat = "1s", deaths = 1000, within = "1s" }
plugin "liar" { file = "{{plugins}}/../villains/liar.so" }
