-- Tests of budget.lua: `berth policy test budget`.
local function step(turn) return ask.before { operation = "kernel.exec", turn = turn } end

test("the eleventh step is refused, and the next turn begins anew", function()
  clock(1000)
  for i = 1, 10 do assert(step().verdict == "allow") end
  assert(step().reason:find("steps %(10%)"))
  assert(step(1).verdict == "allow")
end)

test("reading costs nothing, and what remains is said", function()
  clock(1000)
  assert(ask.before { operation = "workspace.read", scope = "read" }.remaining:find("steps=10"))
  assert(ask.before { operation = "sessions.turn", scope = "admin" }.remaining:find("steps=10"))
  assert(step().remaining:find("steps=9"))
  ask.after({ operation = "host.status", scope = "admin" }, { seconds = 5 })
  assert(not berth.state.used.busy_seconds)
end)

test("what runs on a processor is counted from the turn's beginning", function()
  clock(1000)
  berth.settings.cpu_seconds = 10
  local shown = { usage = { cpu_seconds = 4 } }
  answers { ["sessions.show"] = function() return shown end }
  local function cell(turn) ask.after({ operation = "kernel.exec", turn = turn }, { seconds = 1 }) end
  step(0)
  cell(0)
  assert(berth.state.used.cpu_seconds == 4)
  shown.usage.cpu_seconds = 15
  cell(0)
  assert(step(0).reason:find("cpu_seconds %(10%)"))
  assert(step(1).verdict == "allow")
  shown.usage.cpu_seconds = 17
  cell(1)
  assert(berth.state.used.cpu_seconds == 2)
  shown.usage = nil
  cell(1)
  berth.settings.cpu_seconds = nil
end)

test("a warning is said once, at four fifths", function()
  clock(1000)
  local warned = 0
  for i = 1, 10 do warned = warned + #step().events end
  assert(warned == 1)
end)

test("half an hour is the end of a turn", function()
  clock(1000)
  step()
  clock(1000 + 1801)
  assert(step().reason:find("seconds %(1800%)"))
end)

test("what remains is said in whole numbers", function()
  clock(1000)
  step()
  clock(1001.5)
  assert(step().remaining:find("seconds=1798%f[^%d.]"))
end)
