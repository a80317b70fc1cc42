-- Counts the calls that it is asked about.
before("probe.get", function()
  berth.state.count = (berth.state.count or 0) + 1
  remaining { count = berth.state.count }
end)
