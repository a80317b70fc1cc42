-- Keeps what a session was asked and what it answered, for `berth replay`. See README.md.
local s = berth.settings
local store, most = s.store or "recording", s.most or 100000
needs("workspace.store.append", "nothing is recorded")

-- What is too large is not even read, and what is nested too deeply cannot be: it must not cost the caller his answer.
local function take(record, from, name)
  local small, value = from.bytes <= most, nil
  if small then small, value = pcall(function() return from[name] end) end
  if small then record[name] = value else record.left_out = name end
end

local function record_of(call, result)
  local record = { operation = call.operation, caller = call.caller, session = call.session, scope = call.scope, at = berth.now(),
                   status = result.status, seconds = result.seconds, bytes = result.bytes }
  take(record, result, "output")
  take(record, call, "input")
  return record
end

after(s.match or "*", function(call, result)
  if berth.matches({ "host.*", "sessions.*", "workspace.store.*" }, call.operation) then return end
  if not berth.has("workspace.store.append") then return end
  local kept, problem = berth.call("workspace.store.append", { store = store, record = record_of(call, result) })
  if not kept then berth.log("warn", "not recorded: " .. tostring(problem.code)) end
end)

local function keep_in(kept)
  answers { ["workspace.store.append"] = function(input) kept[#kept + 1] = input.record return {} end }
end

test("a call is kept with its answer, but no look at the recording", function()
  local kept = {}
  keep_in(kept)
  ask.after({ operation = "kernel.exec", input = { code = "1" } }, { output = { text = "1" } })
  ask.after({ operation = "workspace.store.read", input = {} }, {})
  assert(#kept == 1 and kept[1].operation == "kernel.exec")
  assert(kept[1].output.text == "1" and kept[1].input.code == "1" and not kept[1].left_out)
end)

test("what is too large is left out, and that is said", function()
  local kept = {}
  keep_in(kept)
  ask.after({ operation = "a.b", input = {} }, { output = { text = "1" }, bytes = most + 1 })
  ask.after({ operation = "a.b", input = { text = ("x"):rep(most) } }, { output = { text = "1" } })
  assert(kept[1].left_out == "output" and not kept[1].output and kept[1].input)
  assert(kept[2].left_out == "input" and not kept[2].input and kept[2].output)
end)
