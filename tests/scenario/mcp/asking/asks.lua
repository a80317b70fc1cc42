-- An echo of the probe wants somebody's yes.
before("probe.echo", function(call)
  return approve { "it echoes " .. call.input.text, timeout = 60 }
end)
before("workspace.read", function() return approve { "it reads", timeout = 60 } end)
