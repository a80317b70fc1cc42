-- The cases lay plugins in place, write a configuration of their own, and start the host again.
plugins "listed"
