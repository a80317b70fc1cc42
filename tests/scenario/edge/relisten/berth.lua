-- Certificates are in {{tls}}.
listen { "127.0.0.1:0" }
listen { "127.0.0.1:0" }
