"""The Python side of the kernel plugin: a zygote that forks workers, and the worker that runs cells. The protocol is in ../README.md."""
import builtins

# Builtins that users cannot take away: what runs between cells imports them as its own, and puts back what is missing from the real ones.
own_builtins = dict(vars(builtins))
