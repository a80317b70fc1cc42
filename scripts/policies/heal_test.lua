-- Tests of heal.lua: `berth policy test heal`.
test("three deaths in a minute open the circuit, which closes by itself", function()
  clock(1000)
  local died = { output = { status = "died" } }
  for i = 1, 3 do
    assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
    ask.after({ operation = "kernel.exec", input = { code = "1" } }, died)
  end
  assert(ask.before { operation = "kernel.exec" }.seconds == 60)
  clock(1061)
  assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
end)

test("a cell that goes well forgives, and a risky one is kept", function()
  clock(1000)
  local kept, back = 0, 0
  answers { ["kernel.checkpoint"] = function() kept = kept + 1 return {} end, ["kernel.restore"] = function() back = back + 1 return {} end }
  ask.after({ operation = "kernel.exec", input = { code = "os.remove(1)" } }, { output = { status = "completed" } })
  ask.after({ operation = "kernel.exec", input = { code = "1" } }, { status = 503 })
  assert(kept == 1 and back == 1)
end)

test("only what completed forgives: no job, no stream, no cell that failed", function()
  clock(1000)
  local function cell(operation, result) ask.after({ operation = operation, input = { code = "1" } }, result) end
  local died = { output = { status = "died" } }
  cell("kernel.exec", died)
  cell("kernel.exec_stream", {})
  cell("kernel.exec_job", { status = 202, output = { id = "j1" } })
  cell("kernel.exec", { output = { status = "failed" } })
  cell("kernel.exec", { output = { status = "completed" }, bytes = 100001 })
  cell("kernel.exec_in", died)
  assert(#berth.state.crashes == 2)
  cell("kernel.exec", { output = { status = "completed" } })
  assert(not berth.state.crashes)
end)

test("what could not be enabled is tried again", function()
  clock(1000)
  local tries = 0
  answers { ["host.plugin_enable"] = function() tries = tries + 1 return nil, { code = "forbidden" } end }
  ask.event { topic = "plugin.disabled", session = "", data = { plugin = "clock" } }
  clock(1061)
  ask.every {}
  ask.every {}
  clock(1061 + 121)
  ask.every {}
  assert(tries == 2)
end)

test("a plugin that stays down is enabled again, later each time", function()
  clock(1000)
  local enabled = {}
  answers { ["host.plugin_enable"] = function(input) enabled[#enabled + 1] = input.name return {} end }
  local at = 1000
  for round, wait in ipairs { 60, 120, 240, 480, 960, 1920, 3600, 3600 } do
    ask.event { topic = "plugin.disabled", session = "", data = { plugin = "clock" } }
    clock(at + wait - 1)
    ask.every {}
    assert(#enabled == round - 1)
    at = at + wait
    clock(at)
    ask.every {}
    ask.every {}
    assert(#enabled == round and enabled[round] == "clock")
  end
end)
