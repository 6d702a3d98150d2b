"""What tests of crashes share: a disk that fails when it is told to."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def failing_disk(tmp_path_factory):
    """Build `failing_writes.c`; return the environment in which a program writes to that disk."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a library loaded before libc lets writes fail: Linux only")
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("the library that lets writes fail is in C, and there is no compiler (cc)")
    library = tmp_path_factory.mktemp("disk") / "failing_writes.so"
    source = Path(__file__).with_name("failing_writes.c")
    flags = ("-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror")
    subprocess.run([compiler, *flags, source, "-o", library, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}
