-- Looks at the documents that an agent writes or leaves in output/. See README.md for what is looked at, and when.
local s = berth.settings
local checks = s.checks or { xlsx = "xlsx.check", docx = "docx.check", pdf = "pdf.check" }
for kind, operation in pairs(checks) do needs(operation, "." .. kind .. " files are taken as they are") end
needs("workspace.tree", "only files that are written by workspace.* are looked at")

local most_entries, most_seen = 2000, 48000  -- of a look around; bytes of what is remembered of it

local function check_of(path)
  local operation = checks[(path:match("%.(%w+)$") or ""):lower()]
  return operation and berth.has(operation) and operation
end

-- What is wrong with a file is said, and is the verdict where that is wanted. A check answers `{ valid, reason }`.
local function judge(path)
  local answer, problem = berth.call(check_of(path), { path = path })
  if answer and answer.valid ~= false then return nil end
  local why = answer and (answer.reason or "it is not valid") or problem.detail or problem.code
  berth.emit("refused", { path = path, reason = why })
  berth.log("warn", path .. ": " .. why)
  if s.block then return deny { path .. " is not as it should be: " .. why, status = 422 } end
end

-- All files below an entry of workspace.tree.
local function each_file(entry, path, visit)
  for _, child in ipairs(entry.children or {}) do
    local below = path .. "/" .. child.name
    if child.kind == "file" then visit(below, child) else each_file(child, below, visit) end
  end
end

-- What programs leave in output/ is found by its time and size. What is gone is forgotten.
local function look_around()
  if not berth.has("workspace.tree") then return nil end
  local shown, problem = berth.call("workspace.tree", { path = "output", depth = 16, limit = most_entries })
  if not shown then return berth.log("warn", "output/ was not looked at: " .. problem.code) end
  if shown.truncated or shown.tree.truncated then berth.log("warn", "output/ holds more than is looked at") end
  local before, seen, size, verdict = berth.state.seen or {}, {}, 0, nil
  each_file(shown.tree, "output", function(path, entry)
    if not check_of(path) then return end
    local stamp = tostring(entry.modified) .. ":" .. tostring(entry.size)
    size = size + #path + #stamp + 8
    if size <= most_seen then seen[path] = stamp end
    if before[path] ~= stamp then verdict = judge(path) or verdict end
  end)
  berth.state.seen = seen
  return verdict
end

-- Whatever may have written: an operation of the workspace says where in its answer, all else is looked for.
local writes = { "workspace.write", "workspace.append", "workspace.edit", "workspace.copy", "workspace.move", "workspace.upload" }
after({ "kernel.exec*", "shell.*", table.unpack(writes) }, function(call, result)
  if call.scope == "read" and not call.operation:find("stream", 1, true) then return nil end
  local path = berth.matches(writes, call.operation) and result.good and result.bytes < 1000000 and result.output and result.output.path
  if type(path) == "string" and check_of(path) then return judge(path) end
  return look_around()
end)
