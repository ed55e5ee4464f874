# Installs packages: from an index, from repositories, and from any place that has the files.
import os
import sys

import requests

INDEX = "https://micropython.org/pi/v2"

# Where the files of a repository are: owner, name, what is wanted, and the branch or tag.
_REPOSITORIES = {
    "github:": "https://raw.githubusercontent.com/{0}/{1}/{3}/{2}",
    "gitlab:": "https://gitlab.com/{0}/{1}/-/raw/{3}/{2}",
    "codeberg:": "https://codeberg.org/api/v1/repos/{0}/{1}/raw/{2}?ref={3}",
}
_SCHEMES = ("http://", "https://") + tuple(_REPOSITORIES)


def _is_url(text):
    return any(text.startswith(s) for s in _SCHEMES)


# The address of what may be in a repository.
def _address(url, version):
    for scheme, form in _REPOSITORIES.items():
        if url.startswith(scheme):
            owner, name, *path = url[len(scheme) :].split("/")
            return form.format(owner, name, "/".join(path), version or "HEAD")
    return url


def _make_folders(path):
    at = path.find("/", 1)
    while at > 0:
        try:
            os.stat(path[:at])
        except OSError:
            os.mkdir(path[:at])
        at = path.find("/", at + 1)


# Hands a stream over in parts: a file need not fit into memory.
def _pass_on(source, to):
    part = memoryview(bytearray(128))
    while True:
        n = source.readinto(part)
        if not n:
            return
        to(part[:n])


def _is_there(path, short_hash):
    import binascii
    import hashlib

    try:
        h = hashlib.sha256()
        with open(path, "rb") as f:
            _pass_on(f, h.update)
    except OSError:
        return False
    return binascii.hexlify(h.digest()).decode().startswith(short_hash)


def _download(url, path):
    with requests.get(url) as response:
        if response.status_code != 200:
            print("Error", response.status_code, "requesting", url)
            return False
        print("Copying:", path)
        _make_folders(path)
        with open(path, "wb") as f:
            _pass_on(response.raw, f.write)
    return True


def _install_described(url, index, target, version, mpy):
    with requests.get(_address(url, version)) as response:
        if response.status_code != 200:
            print("Package not found:", url)
            return False
        package = response.json()
    for name, short_hash in package.get("hashes", ()):
        path = target + "/" + name
        if _is_there(path, short_hash):
            print("Exists:", path)
        elif not _download("%s/file/%s/%s" % (index, short_hash[:2], short_hash), path):
            print("File not found:", name, short_hash)
            return False
    base = url.rpartition("/")[0]
    for name, source in package.get("urls", ()):
        if base and not _is_url(source):
            source = base + "/" + source
        if not _download(_address(source, version), target + "/" + name):
            print("File not found:", name, source)
            return False
    return all(_install(name, index, target, of, mpy) for name, of in package.get("deps", ()))


def _install(package, index, target, version, mpy):
    if not _is_url(package):
        version = version or "latest"
        print("Installing %s (%s) from %s to %s" % (package, version, index, target))
        kind = sys.implementation._mpy & 0xFF if mpy and hasattr(sys.implementation, "_mpy") else "py"
        url = "%s/package/%s/%s/%s.json" % (index, kind, package, version)
        return _install_described(url, index, target, version, mpy)
    if package.endswith(".py") or package.endswith(".mpy"):
        print("Downloading", package, "to", target)
        return _download(_address(package, version), target + "/" + package.rpartition("/")[2])
    if not package.endswith(".json"):
        package = package.rstrip("/") + "/package.json"
    print("Installing", package, "to", target)
    return _install_described(package, index, target, version, mpy)


def install(package, index=None, target=None, version=None, mpy=True):
    if not target:
        folders = [p for p in sys.path if p.endswith("/lib") and not p.startswith("/rom")]
        if not folders:
            print("Unable to find lib dir in sys.path")
            return
        target = folders[0]
    if _install(package, (index or INDEX).rstrip("/"), target, version, mpy):
        print("Done")
    else:
        print("Package may be partially installed")
