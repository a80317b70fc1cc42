-- Whoever wants an echo of the probe needs a person's yes.
policies { { file = "{{here}}/asks.lua" } }
