-- Three steps a turn, and a hundred tokens.
policies { { "budget", settings = { steps = 3, tokens = 100, pages = 1, page_operations = "probe.throw" } } }
