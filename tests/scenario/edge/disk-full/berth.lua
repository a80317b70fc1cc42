-- Copies of plugins are kept in the state, and this one is small.
plugins "listed"
