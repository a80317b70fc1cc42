limits { connections = 4000, calls = 3000 }
