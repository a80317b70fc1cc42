"""Certificates for a run: an authority, what it signed, and a stranger's. Made by openssl, for localhost, for a day."""
import os
import ssl
import subprocess

from .text import Failure


def openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"openssl {words[0]} failed", done.stderr)


def make_authority(folder, name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", f"/CN=scenario {name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem")


def make_leaf(folder, name, authority):
    request, names = f"{folder}/{name}.csr", f"{folder}/{name}.ext"
    with open(names, "w", encoding="ascii") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{folder}/{name}.key", "-out", request)
    openssl("x509", "-req", "-in", request, "-days", "1", "-CA", f"{folder}/{authority}.pem", "-CAkey",
            f"{folder}/{authority}.key", "-CAcreateserial", "-extfile", names, "-out", f"{folder}/{name}.pem")


def make_certificates(folder):
    """ca, server and client (signed by ca), and stranger (signed by another)."""
    if os.path.exists(f"{folder}/stranger.pem"):
        return
    os.makedirs(folder, exist_ok=True)
    make_authority(folder, "ca")
    make_authority(folder, "other")
    make_leaf(folder, "server", "ca")
    make_leaf(folder, "client", "ca")
    make_leaf(folder, "stranger", "other")


def client_context(folder, certificate):
    context = ssl.create_default_context(cafile=f"{folder}/ca.pem")
    if certificate:
        context.load_cert_chain(f"{folder}/{certificate}.pem", f"{folder}/{certificate}.key")
    return context
