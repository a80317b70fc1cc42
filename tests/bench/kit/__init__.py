"""What the benches share: starting and ending servers, describing the machine, writing results."""
