-- Files that pages give and take, dialogs that are held.
plugin "browser" {
  config = { largest_download = 8000000 },
  jail = { allow = { { "127.0.0.1:{{beside}}", "127.0.0.2:{{beside}}", own = true } } }
}
