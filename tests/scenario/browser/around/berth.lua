-- What pages take their surroundings for, and pictures of them.
plugin "browser" {
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
