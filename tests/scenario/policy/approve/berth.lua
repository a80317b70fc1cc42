-- Whoever wants to reach the probe's admin operation needs a person's yes.
policies { { file = "{{here}}/asks.lua" } }
