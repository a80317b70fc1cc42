-- Hours in which an agent does nothing. See README.md.
local s = berth.settings
local from, to, offset = s.from or 22, s.to or 7, s.offset or 0

local function hour() return (berth.now() / 3600 + offset) % 24 end

local function wait()  -- seconds until they are over; nil: they are not
  local now = hour()
  local quiet
  if from <= to then quiet = now >= from and now < to else quiet = now >= from or now < to end
  return quiet and ((to - now) % 24) * 3600 or nil
end

before(s.match or "*", function(call)
  if call.scope == "read" or berth.matches("host.*", call.operation) then return end
  local seconds = wait()
  if seconds then return deny { "it is quiet until " .. to .. " o'clock", retry_after = math.ceil(seconds) } end
end)

test("from ten to seven nothing is done, but things may be read", function()
  clock(23 * 3600)
  local said = ask.before { operation = "kernel.exec" }
  assert(said.verdict == "deny" and said.seconds == 8 * 3600)
  assert(ask.before { operation = "workspace.read", scope = "read" }.verdict == "allow")
  clock(6.5 * 3600)
  assert(ask.before { operation = "kernel.exec" }.seconds == 1800)
  clock(7 * 3600)
  assert(ask.before { operation = "kernel.exec" }.verdict == "allow")
end)
