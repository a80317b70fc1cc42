origins { "https://page.example" }
limits { drain_time = "20s" }
