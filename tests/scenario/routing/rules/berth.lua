rules {
  { match = "probe.throw", deny = "not on this machine" },
  { match = "probe.get", scope = "admin" },
  { match = "probe.echo", rate = "2/s", burst = 3 },
}
