# TLS clients that take an end which the host did not announce for an error.
import socket
import ssl


def strict_context(ca):
    context = ssl.create_default_context(cafile=ca)
    context.check_hostname = False
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which Python sets by itself
    return context


def connect(address, context, **more):
    host, port = address.rsplit(":", 1)
    plain = socket.create_connection((host, int(port)), 20)
    return context.wrap_socket(plain, suppress_ragged_eofs=False, **more)


def read_until(tls, wanted):
    heard = b""
    while wanted not in heard:
        piece = tls.recv(4096)
        assert piece, heard
        heard += piece
    return heard


def read_to_end(tls):
    heard = b""
    while piece := tls.recv(4096):
        heard += piece
    return heard
