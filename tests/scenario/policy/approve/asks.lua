-- Everything under the name of echo waits; quick ones not for long.
before("probe.echo", function(call)
  if call.input.text == "quick" then return approve { "it is quick", timeout = 1 } end
  return approve { "it echoes " .. call.input.text, timeout = 60 }
end)
before("probe.chat", function(call)
  if call.caller == "scenario-admin" then return delay(1) end
  return approve { "it wants to talk", timeout = 60 }
end)
