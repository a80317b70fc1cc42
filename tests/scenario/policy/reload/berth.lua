-- The policy lies where the case can change it.
policies { { file = "{{here}}/rule.lua" } }
