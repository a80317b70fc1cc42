listen { "127.0.0.1:0" }
listen { "unix:{{tmp}}/berth.sock" }
