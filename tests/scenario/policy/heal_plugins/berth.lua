-- A plugin that is disabled at its first death, and a policy with little patience that may enable it.
plugin "villain" { file = "{{plugins}}/../villains/villain.so", deaths = 1, within = "1min" }
policies { { "heal", settings = { rest = 1 }, scope = "admin" } }
