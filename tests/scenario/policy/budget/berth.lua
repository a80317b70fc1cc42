-- Three steps a turn, a hundred tokens, a page, and little of all else that can be counted with the probe.
policies { { "budget", settings = { steps = 3, tokens = 100, pages = 1, page_operations = "probe.throw", output_bytes = 2000, busy_seconds = 0.3 } } }
