-- Sessions that a host leaves behind and the next one finds.
sessions { most = 20 }
plugin "local" { file = "{{plugins}}/../services/local.so", process = "host", services = { "process", "http" } }
