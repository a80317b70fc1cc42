limits {
  header = "4KiB", fields = 20, target = "1KiB", body = "64KiB", upload = "1MiB", message = "16KiB",
  calls = 4, drain_time = "5s",
}
