limits { threads = 4 }
