limits { connections = 20 }
