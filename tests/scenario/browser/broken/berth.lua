-- A browser that does not come up.
plugin "browser" { config = { program = "/no/such/browser" } }
