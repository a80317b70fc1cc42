-- What the kernel is without any word about it.
plugin "kernel" {}
