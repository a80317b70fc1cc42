-- Keeps what a session was asked and what it answered, for `berth replay`. See README.md.
local s = berth.settings
local store = s.store or "recording"
needs("workspace.store.append", "nothing is recorded")

after(s.match or "*", function(call, result)
  if berth.matches("host.*", call.operation) or berth.matches("sessions.*", call.operation) then return end
  if berth.matches("workspace.store.*", call.operation) or not berth.has("workspace.store.append") then return end
  local record = { operation = call.operation, caller = call.caller, at = berth.now(), input = call.input,
                   status = result.status, seconds = result.seconds, output = result.output }
  if result.bytes > (s.most or 100000) then record.output = berth.null end
  local kept, problem = berth.call("workspace.store.append", { store = store, record = record })
  if not kept then berth.log("warn", "not recorded: " .. tostring(problem.code)) end
end)

test("a call is kept with its answer, but no look at the recording", function()
  local kept = {}
  answers { ["workspace.store.append"] = function(input) kept[#kept + 1] = input return {} end }
  ask.after({ operation = "kernel.exec", input = { code = "1" } }, { output = { text = "1" } })
  ask.after({ operation = "workspace.store.read", input = {} }, {})
  assert(#kept == 1 and kept[1].store == "recording")
  assert(kept[1].record.operation == "kernel.exec" and kept[1].record.output.text == "1")
end)
