-- The plugin as it comes: in a process of its own, with nothing that it may open.
limits { drain_time = "2s" }
