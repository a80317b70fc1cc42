-- An echo of the probe wants somebody's yes.
before("probe.echo", function(call)
  return approve { "it echoes " .. call.input.text, timeout = 60 }
end)
before("workspace.read", function() return approve { "it reads", timeout = 60 } end)
before("fixture.slow_compute", function(call)
  if call.input.label == "asked about" then return approve { "it computes", timeout = 60 } end
end)
-- That a script is looked at, and not that it is run.
before("shell.run", function(call)
  if call.input.argv[2] == "-n" then return approve { "it reads a script", timeout = 60 } end
end)
