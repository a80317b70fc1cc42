-- A plugin that guards a service behind a Unix socket: here the host itself.
listen { "127.0.0.1:0" }
listen { "unix:{{tmp}}/berth.sock" }
plugin "local" { file = "{{plugins}}/../services/local.so", process = "own", services = { "process", "http" } }
