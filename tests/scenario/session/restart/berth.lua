-- Sessions that a host leaves behind and the next one finds.
sessions { most = 20 }
