-- Two threads for operations, so that two streams take them all.
limits { threads = 2, heartbeat = "1s" }
