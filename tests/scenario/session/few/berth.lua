-- Few sessions, for a short time: what comes on top is told to wait, and what nobody uses goes.
sessions { most = 2, ttl = "1s" }
