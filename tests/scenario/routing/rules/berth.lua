-- One rule of each kind: a denial, a higher scope, and rates.
policy { match = "probe.throw", deny = "not on this machine" }
policy { match = "probe.get", scope = "admin" }
policy { match = "probe.echo", rate = "2/s", burst = 3 }
policy { match = "probe.upload", rate = "1/h", burst = 1 }
policy { match = "probe.announced", rate = "1/h", burst = 3 }
