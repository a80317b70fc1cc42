-- A policy that hangs when it is told to, and one that counts.
policies { { file = "{{here}}/hangs.lua" }, { file = "{{here}}/counts.lua" } }
