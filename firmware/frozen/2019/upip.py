# Packages from the index of micropython.org, or of PyPI: archives that are unpacked while they come.
import gc
import sys

import uerrno as errno
import ujson as json
import uos as os
import upip_utarfile as tarfile
import usocket
import ussl
import uzlib

debug = False
index_urls = ["https://micropython.org/pi", "https://pypi.org/pypi"]
install_path = None
cleanup_files = []
# A header of gzip, and a window of this many bits.
gzdict_sz = 16 + 15
warn_ussl = True

file_buf = bytearray(512)

# What an archive has beside the package.
_LEFT_OUT = ("setup.", "PKG-INFO", "README")


class NotFoundError(Exception):
    pass


def fatal(msg, exc=None):
    print("Error:", msg)
    if exc and debug:
        raise exc
    sys.exit(1)


# The folders above a file.
def _makedirs(name):
    at = name.find("/", 1)
    while at > 0:
        try:
            os.mkdir(name[:at])
        except OSError as e:
            if e.args[0] not in (errno.EEXIST, errno.EISDIR):
                raise
        at = name.find("/", at + 1)


def save_file(fname, subf):
    with open(fname, "wb") as f:
        while True:
            n = subf.readinto(file_buf)
            if not n:
                break
            f.write(file_buf, n)


def install_tar(f, prefix):
    meta = {}
    for info in f:
        # All is in a folder that has the name of the archive.
        fname = info.name.partition("/")[2]
        if ".egg-info" in fname or any([fname.startswith(p) for p in _LEFT_OUT]):
            if fname.endswith("/requires.txt"):
                meta["deps"] = f.extractfile(info).read()
            if debug:
                print("Skipping", fname)
        elif info.type != tarfile.DIRTYPE:
            fname = prefix + fname
            if debug:
                print("Extracting " + fname)
            _makedirs(fname)
            save_file(fname, f.extractfile(info))
    return meta


def url_open(url):
    global warn_ussl
    if debug:
        print(url)
    proto, _, host, path = url.split("/", 3)
    name, _, port = host.partition(":")
    try:
        ai = usocket.getaddrinfo(name, int(port or 443), 0, usocket.SOCK_STREAM)
    except OSError as e:
        fatal("Unable to resolve %s (no Internet?)" % name, e)
    ai = ai[0]
    s = usocket.socket(ai[0], ai[1], ai[2])
    try:
        s.connect(ai[-1])
        if proto == "https:":
            s = ussl.wrap_socket(s, server_hostname=name)
            if warn_ussl:
                print("Warning: %s SSL certificate is not validated" % name)
                warn_ussl = False
        s.write("GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n" % (path, host))
        status = s.readline().split(None, 2)[1]
        if status in (b"404", b"301"):
            raise NotFoundError("Package not found")
        if status != b"200":
            raise ValueError(status)
        line = None
        while line != b"\r\n":
            line = s.readline()
            if not line:
                raise ValueError("Unexpected EOF in HTTP headers")
    except Exception as e:
        s.close()
        raise e
    return s


def get_pkg_metadata(name):
    for url in index_urls:
        try:
            f = url_open("%s/%s/json" % (url, name))
        except NotFoundError:
            continue
        try:
            return json.load(f)
        finally:
            f.close()
    raise NotFoundError("Package not found")


def install_pkg(pkg_spec, install_path):
    name, _, version = pkg_spec.partition("==")
    data = get_pkg_metadata(name)
    version = version or data["info"]["version"]
    packages = data["releases"][version]
    del data
    gc.collect()
    assert len(packages) == 1
    url = packages[0]["url"]
    print("Installing %s %s from %s" % (pkg_spec, version, url))
    f = url_open(url)
    try:
        unpacked = uzlib.DecompIO(f, gzdict_sz)
        meta = install_tar(tarfile.TarFile(fileobj=unpacked), install_path)
    finally:
        f.close()
    del unpacked
    gc.collect()
    return meta


def install(to_install, install_path=None):
    global gzdict_sz
    # A smaller window where there is little memory.
    if gc.mem_free() + gc.mem_alloc() <= 65536:
        gzdict_sz = 16 + 12
    if install_path is None:
        install_path = get_install_path()
    if install_path[-1] != "/":
        install_path += "/"
    if not isinstance(to_install, list):
        to_install = [to_install]
    print("Installing to: " + install_path)
    installed = []
    try:
        while to_install:
            if debug:
                print("Queue:", to_install)
            pkg_spec = to_install.pop(0)
            if pkg_spec in installed:
                continue
            meta = install_pkg(pkg_spec, install_path)
            installed.append(pkg_spec)
            if debug:
                print(meta)
            deps = meta.get("deps", b"").rstrip()
            if deps:
                to_install.extend(deps.decode().split("\n"))
    except Exception as e:
        print(
            "Error installing '{}': {}, packages may be partially installed".format(pkg_spec, e),
            file=sys.stderr,
        )


def get_install_path():
    global install_path
    if install_path is None:
        # The first is the folder of the program; later firmware has its own modules next.
        install_path = sys.path[1]
        if install_path == ".frozen":
            install_path = sys.path[2]
    return install_path


def cleanup():
    for fname in cleanup_files:
        try:
            os.remove(fname)
        except OSError:
            print("Warning: Cannot delete " + fname)


def help():
    print("upip - Simple PyPI package manager for MicroPython")
    print("Usage: micropython -m upip install [-p <path>] <package>... | -r <requirements.txt>")
    print("import upip; upip.install(package_or_list, [<path>])")
    print()
    if sys.path[1] == ".frozen":
        print("If <path> isn't given, packages will be installed to sys.path[1], or")
        print("sys.path[2] if the former is .frozen (path can be set from MICROPYPATH")
        print("environment variable if supported).")
        print("Default install path:", get_install_path())
    else:
        print("If <path> is not given, packages will be installed into sys.path[1]")
        print("(can be set from MICROPYPATH environment variable, if current system")
        print("supports that).")
        print("Current value of sys.path[1]:", sys.path[1])
    print()
    print("Note: only MicroPython packages (usually, named micropython-*) are supported")
    print("for installation, upip does not support arbitrary code in setup.py.")
    print()
