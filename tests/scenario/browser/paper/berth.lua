-- HTML that becomes PDF, several contexts, and limits.
plugin "browser" {
  config = { calls = 4 },
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
