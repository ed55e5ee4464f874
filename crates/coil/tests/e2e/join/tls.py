"""Python's ssl and a board's, each as server and as client of the other. Told: mpremote, the board's port."""

import datetime
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MPREMOTE, TTY = sys.argv[1:]
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def identity(host):
    """A certificate that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    day = datetime.datetime(2020, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(day)
        .not_valid_after(day.replace(year=2049))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def key_bytes(key, encoding):
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(encoding, form, serialization.NoEncryption())


def board(source):
    done = subprocess.run(
        [MPREMOTE, "connect", TTY, "resume", "exec", source], capture_output=True, text=True, timeout=50
    )
    return (done.stdout + done.stderr).strip()


thing, thing_key = identity("thing.test")
other, other_key = identity("other.test")

print(
    board(
        f"""
import network, socket, ssl, time, _thread
w = network.WLAN(network.STA_IF)
while not w.isconnected(): time.sleep_ms(20)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain({thing.public_bytes(DER)!r}, {key_bytes(thing_key, DER)!r})
s = socket.socket()
s.bind(('0.0.0.0', 8443))
s.listen(4)
def serve():
    while True:
        c = s.accept()[0]
        try:
            t = context.wrap_socket(c, server_side=True)
            t.write(b'board heard ' + t.readline())
            t.close()
        except OSError as e:
            pass
        c.close()
_thread.start_new_thread(serve, ())
"""
    )
    or "the board serves"
)
ADDRESS = board("print(w.ifconfig()[0])")


def ask(what, context, host):
    """What a client of the board's server meets."""
    try:
        with socket.create_connection((ADDRESS, 8443), 10) as plain:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                secure.sendall(b"python\n")
                print(what, secure.version(), secure.makefile().read().strip())
    except ssl.SSLError as e:
        print(what, getattr(e, "verify_message", None) or e.reason)


trusting = ssl.create_default_context(cadata=thing.public_bytes(PEM).decode())
careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
old = ssl.create_default_context(cadata=thing.public_bytes(PEM).decode())
old.maximum_version = ssl.TLSVersion.TLSv1_2
ask("trusted:", trusting, "thing.test")
ask("trusted, TLS 1.2:", old, "thing.test")
ask("another name:", trusting, "other.test")
ask("the workshop's authority alone:", ssl.create_default_context(), "thing.test")
ask("not verified:", careless, None)

with tempfile.NamedTemporaryFile() as file:
    file.write(thing.public_bytes(PEM) + key_bytes(thing_key, PEM))
    file.flush()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file.name)
meant = []
served.sni_callback = lambda sock, host, context: meant.append(host)
listener = socket.create_server(("", 8444))


def serve():
    while True:
        client = listener.accept()[0]
        try:
            with served.wrap_socket(client, server_side=True) as secure:
                secure.sendall(b"host heard " + secure.makefile("rb").readline())
        except OSError:
            client.close()


threading.Thread(target=serve, daemon=True).start()
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    probe.connect((ADDRESS, 9))
    OWN = probe.getsockname()[0]
print(
    board(
        f"""
def ask(what, host, trusted=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED if trusted else ssl.CERT_NONE
    if trusted: context.load_verify_locations(trusted)
    plain = socket.socket()
    plain.connect(({OWN!r}, 8444))
    try:
        secure = context.wrap_socket(plain, server_hostname=host)
        secure.write(b'board\\n')
        print(what, secure.readline())
    except (OSError, ValueError) as e:
        print(what, e)
    plain.close()
thing, other = {thing.public_bytes(DER)!r}, {other.public_bytes(DER)!r}
ask('trusted:', 'thing.test', thing)
ask('another name:', 'other.test', thing)
ask('another authority:', 'thing.test', other)
ask('not verified:', None)
"""
    )
)
print(meant)
