sessions { most = 2, ttl = "1s" }
