-- A session whose programs reach the names that are listed, through the host, and nothing else.
sessions { network = "proxy", allow = { "listed.invalid", "*.test:8443" } }
plugin "local" { file = "{{plugins}}/../services/local.so", process = "host", services = { "process", "http" } }
