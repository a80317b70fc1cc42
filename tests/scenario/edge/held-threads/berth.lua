-- Four threads for operations, so that a few streams would take them all.
limits { threads = 4, heartbeat = "1s" }
