-- One policy that does a bit of everything to the probe's calls.
policies { { file = "{{here}}/rule.lua", settings = { secret = "swordfish" } } }
