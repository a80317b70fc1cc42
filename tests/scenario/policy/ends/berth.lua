-- A policy that has a last word.
policies { { file = "{{here}}/last.lua" } }
