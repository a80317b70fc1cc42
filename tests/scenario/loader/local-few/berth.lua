-- As many threads as a plugin's calls can take, all of them waiting for programs that are to be started.
limits { threads = 2 }
plugin "local" { file = "{{plugins}}/../services/local.so", process = "host", services = { "process", "http" } }
