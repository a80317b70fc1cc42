-- The pages of the scenario, on two sites of loopback, and nothing else.
plugin "browser" {
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
