limits { drain_time = "5s" }
