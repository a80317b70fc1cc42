-- Loops, in Lua and where no hook of Lua's reaches.
before("probe.echo", function(call)
  if call.input.text == "loop" then
    while true do end
  end
  if call.input.text == "match" then
    string.find(string.rep("a", 40), string.rep("a*", 40) .. "b")
  end
end)
