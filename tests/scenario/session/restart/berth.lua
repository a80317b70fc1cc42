sessions { most = 20 }
