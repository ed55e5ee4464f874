"""The fixture, its option and its mark."""

import os
from pathlib import Path

import pytest

from .board import Board


def pytest_addoption(parser):
    parser.addoption(
        "--coil",
        default=os.environ.get("COIL", "coil"),
        help="the program `coil` that runs the boards",
    )


def pytest_configure(config):
    config.addinivalue_line(
        "markers",
        "coil(device=None, firmware=None, circuit=None): what the fixture `board` is; the path of "
        "a circuit is relative to the test's file",
    )


@pytest.fixture
def board(request):
    """A fresh virtual board for each test."""
    words = {}
    for mark in reversed(list(request.node.iter_markers("coil"))):
        words.update(mark.kwargs)
    circuit = words.get("circuit")
    if circuit is not None:
        words["circuit"] = Path(request.path).parent / circuit
    a_board = Board(request.config.getoption("--coil"), **words)
    yield a_board
    a_board.close()
