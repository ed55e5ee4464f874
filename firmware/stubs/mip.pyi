"""Installing packages."""

INDEX: str
"""Where packages are looked for."""


def install(package: str, index: str | None = None, target: str | None = None, version: str | None = None, mpy: bool = True) -> None:
    """Installs a package by its name, its address, or 'github:owner/name', into /lib unless told otherwise; needs the network."""
