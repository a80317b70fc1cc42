-- Two threads for operations: whoever waits for a client on one of them would be felt at once.
limits { threads = 2 }
