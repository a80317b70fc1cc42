-- Sessions with a loopback of their own, and nothing beyond it.
sessions { network = "loopback" }
plugin "shell" { }
