-- The pages of the scenario, and nothing else, for a browser that is killed.
plugin "browser" {
  config = { tabs = 3 },
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
