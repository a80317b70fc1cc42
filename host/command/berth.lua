-- berth.lua: how this host behaves. Every statement is optional; what is shown here are the defaults, or examples behind `--`.
-- It is Lua without files, processes and loading, so a loop or env("NAME") may help: `berth serve --check` names every mistake.

-- Where it listens. The first address is what `berth call` looks for. At SIGHUP new ones are opened, those that are gone closed, and certificates read again.
listen "127.0.0.1:8888"
-- listen { "0.0.0.0:8443", tls = { cert = "cert.pem", key = "key.pem", client_ca = "clients.pem" } }
-- listen "unix:/run/berth.sock"

-- Names, besides localhost and IP addresses, that clients may call this host by.
-- hosts { "berth.example" }

-- Web pages that may call it from a browser.
-- origins { "https://app.example" }

-- Tokens besides those of `berth token create`. auth(false) lets everybody on this machine in, without any: confined
-- plugins, too, unless all addresses are Unix sockets, which those cannot open.
-- token { name = "ci", scope = "run", session = "main", secret_env = "CI_TOKEN" }
-- token { name = "monitor", scope = "read", secret_file = "monitor.token", expires = "2030-01-01T00:00:00.000Z" }
auth(true)

limits {
  header = "32KiB", fields = 100, target = "8KiB",       -- of a request's head
  body = "10MiB", upload = "16GiB", message = "1MiB",    -- JSON bodies, uploads, WebSocket messages
  stream_buffer = "256KiB",                              -- for each stream, before its plugin is told to wait
  connections = 4096, calls = 2048, threads = 64,        -- threads are for operations that block
  handshake_time = "10s", header_time = "10s", idle_time = "75s",
  body_stall = "10s", body_rate = 1024,                  -- a body must bring so many bytes a second over that time
  write_stall = "60s",                                   -- a reader that takes nothing for so long is dropped
  heartbeat = "15s", resume_time = "30s",                -- of event streams
  drain_time = "30s",                                    -- what calls in flight get after SIGTERM
  leave_time = "1h",                                     -- what calls and jobs of a plugin get after its reload or unload
  idempotency_time = "10min", idempotency_keys = 4096,
  upload_time = "1d",                                    -- how long an unfinished resumable upload is kept
}

-- Which plugins: "all" that are found, or only those "listed" below.
plugins "all"
-- plugin_folder "plugins"
-- plugin "shelf" { enabled = true, file = "/opt/shelf.so", config = { folder = "/srv/shelf" } }
-- The names of Berth's own plugins are theirs: what lies in a folder under one of them is left out. With file = "…" another one takes its place,
-- but for `berth serve --safe`.
-- Berth's own plugins run in the host, those of others in a process of their own, unless process says "host" or "own". Of that process:
-- plugin "theirs" {
--   process = "own", memory = "512MiB",                  -- it holds more: it is ended
--   heartbeat = "10s", start_time = "10s",               -- it is silent for longer, or not ready: the same
--   end_time = "5s",                                     -- what it gets to finish when the host ends
--   deaths = 5, within = "1min",                         -- then it stays down: berth plugin enable theirs
--   confined = true,                                     -- false: it may start programs itself, and read and write what this user may
-- }
-- Wherever it runs, what it keeps in its folder below the state directory is bounded:
-- plugin "theirs" { files = "1GiB" }

-- What a plugin is lent, and what its calls may reach: read, run or admin, and names of operations, where * stands for anything.
-- Every plugin has log, config, timers and files. Without services, Berth's own get all that they ask for, with admin; those of others get metrics,
-- events and jobs, but not http, process, calls, workspace and secrets. With services they get what it names of these, and nothing else.
-- Calls that are granted without scopes are read.
-- plugin "theirs" {
--   services = { "events", "jobs", "calls", "secrets" },
--   scopes = { "run", "clock.*", "shelf.get" },          -- never more than whoever it calls for may
--   secrets = {                                          -- for this plugin alone; fetched at the start
--     api_key = { file = "/etc/berth/api.key" },         -- 0600, the host's user's or root's
--     token = { env = "THEIR_TOKEN" },                   -- taken out of the environment
--     password = { command = { "pass", "show", "their" } },  -- what a program says within 10 s
--   },
-- }

-- What is kept of events, for those who come later, and of jobs that have ended. In memory.
events { keep = 10000, bytes = "16MiB" }
jobs { keep = 1000, bytes = "64MiB", time = "1h" }

-- Whose plugins are loaded. keys: public ones, of `berth plugin keygen`. signed: who must be, "all", "third-party" (all but those in
-- the host's own folder) or false. allow: names or digests; without it whatever is found. Read again at SIGHUP, as plugins are.
-- trust { keys = { "vendor.pub" }, signed = "third-party", allow = { "clock", "sha256:ba78…15ad" } }

-- What must hold for the processes that are started for agents; with less the host does not start. `berth doctor` shows what this machine
-- allows: user, mount, pid, proc, net, ipc, uts, cgroup, landlock, scopes, seccomp, no_new_privs, uid, memory, pids, cpu.
-- jail { require = { "landlock", "seccomp", "net" } }

-- Sessions: POST /sessions makes one, with a workspace, a jail and a token of its own; `main` is always there and gets the same.
-- A limit is a value, or { value, most = … }: what POST /sessions may ask for at most; without it, for no more than the value.
-- Read again at SIGHUP: limits for sessions that come, the network for jails that are opened, aliases at once.
sessions {
  most = 100,                                            -- besides main; more are told to come again (429)
  ttl = { "1h", most = "30d" },                          -- without a call for so long a session is deleted
  network = "none",                                      -- or "loopback": the jail's own; or "proxy", with names that may be reached:
  -- network = "proxy", allow = { "wiki.example", "*.books.example:443", { "mirror.example:8080", private = true } },
  workspace = { quota = "1GB", aliases = {} },           -- aliases: other names of /workspace inside, such as "/mnt/work"
  limits = {                                             -- of all its processes together, but for the times, files and file_size
    memory = "500MB", processes = 256,
    wall_time = "30min",                                 -- of each program that is started in it (a command, a terminal); kernels stay
    -- cpu = 2, cpu_time = "10min", file_size = "1GB",   -- cores; seconds of each process; bytes of each file. Otherwise without
    files = 1024, tmp = "100MB", shm = "64MB",           -- open ones of each process; what fits into /tmp and /dev/shm
  },
}

-- Rules over all operations that match: deny, a higher scope, or a rate for each caller.
-- policy { match = "shelf.remove", scope = "admin" }
-- policy { match = "*", rate = "100/s", burst = 200 }
-- policy { match = "clock.*", deny = "the clock is being wound" }

-- Policies: Lua that is asked before and after calls, in this order. A name is one of those that come with Berth (share/berth/policies,
-- with a page of their own), a path is a file of one's own. `berth policy check` and `berth policy test` try them without a host.
-- deadline: what a hook gets on a processor; memory: what each policy may hold. scope: of what a policy calls itself, run if not said. Read again at SIGHUP.
-- policies { deadline = "20ms", memory = "16MiB",
--   "budget",
--   { "modes", settings = { mode = "chat" } },
--   { file = "house.lua", scope = "read", settings = { floor = 3 } },
-- }

-- format "auto" is text on a terminal and JSON elsewhere.
log { level = "info", format = "auto", requests = true }
