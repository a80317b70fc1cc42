-- What is tried on the probe, by the text or the name that a call brings.
before("probe.echo", function(call)
  local text = call.input.text
  if text == "no" then return deny "not this word" end
  if text == "slow" then return deny { "come again", retry_after = 3 } end
  if text == "throw" then error("a mistake") end
  if text == "misfit" then return rewrite { input = { text = 5 } } end
  if text == "secret" then return rewrite { input = { text = berth.settings.secret } } end
  charge { steps = 1 }
  remaining { steps = 9, seconds = 1.5 }
end)
before("probe.get", function(call)
  if call.input.name == "throw" then error("a mistake") end
end)
after("probe.get", function(call, result)
  if call.input.name == "rewritten" then return rewrite { output = { name = "other" } } end
  if call.input.name == "withheld" then return deny "nobody may know" end
end)
before("probe.chat", function() return deny "no talking" end)
before("probe.count", function(call)
  if call.input.to == 1 then return deny "no counting" end
  remaining { events = 3 }
end)
before("probe.upload", function() return deny "nothing comes in" end)
before("probe.file", function() remaining { files = 1 } end)
after("probe.file", function(call)
  if call.input.etag == "withheld" then return deny "not this file" end
end)
