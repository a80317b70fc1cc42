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

test("a risky cell has a checkpoint before it, and a death goes back to the last one", function()
  clock(1000)
  local asked
  answers { ["kernel.restore"] = function(input) asked = input return { checkpoint = "c7" } end }
  local risky = ask.before { operation = "kernel.exec", input = { code = "os.remove(1)" } }
  assert(risky.verdict == "rewrite" and risky.input.checkpoint == true)
  assert(ask.before { operation = "kernel.exec", input = { code = "1" } }.verdict == "allow")
  assert(ask.before { operation = "kernel.exec", bytes = 100001 }.verdict == "allow")
  local told = ask.after({ operation = "kernel.exec_in", input = { code = "1", kernel = "k1" } }, { output = { status = "died", reason = "killed" } })
  assert(asked.checkpoint == "last" and asked.kernel == "k1")
  assert(told.output.reason == "killed; its variables are those of the checkpoint c7")
end)

test("where there is no checkpoint the answer stays as it is", function()
  clock(1000)
  answers { ["kernel.restore"] = function() return nil, { code = "no_such_checkpoint" } end }
  assert(ask.after({ operation = "kernel.exec", input = { code = "1" } }, { output = { status = "died" } }).verdict == "allow")
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
