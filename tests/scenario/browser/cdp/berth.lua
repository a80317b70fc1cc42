-- The pages of the scenario, on two sites of loopback; tabs so few that a client can run into the limit.
plugin "browser" {
  config = { tabs = 8 },
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
