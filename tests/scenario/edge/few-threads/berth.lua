-- One thread for operations, so that one stream takes them all.
limits { threads = 1, heartbeat = "1s" }
