-- Keeps a count, which those that follow find.
before("probe.echo", function()
  berth.state.count = (berth.state.count or 0) + 1
  remaining { old = berth.state.count }
end)
after("probe.later", function() return deny "it is judged by the old" end)
