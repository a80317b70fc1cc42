limits { threads = 2, heartbeat = "1s" }
