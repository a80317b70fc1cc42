-- Counts what is charged, by the event that says so.
event("session.charged", function(e) berth.state.heard = (berth.state.heard or 0) + e.data.amounts.heard end)
before("probe.echo", function() remaining { heard = berth.state.heard or 0 } end)
