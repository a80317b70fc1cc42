listen { "127.0.0.1:0" }
listen { "127.0.0.1:0", tls = { cert = "{{tls}}/server.pem", key = "{{tls}}/server.key" } }
listen { "127.0.0.1:0", tls = { cert = "{{tls}}/server.pem", key = "{{tls}}/server.key", client_ca = "{{tls}}/ca.pem" } }
limits { handshake_time = "2s", idle_time = "3s" }
