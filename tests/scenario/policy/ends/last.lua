-- Counts what was answered, and says and keeps at the end how much that was. The state of hooks without a call is the
-- host's own.
local answered = 0
after("probe.later", function() answered = answered + 1 end)
start(function() berth.log("begins after " .. tostring(berth.state.answered or "nothing")) end)
stop(function()
  berth.state.answered = answered
  berth.log("ends after " .. answered)
end)
