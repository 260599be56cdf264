"""Frames of atoms, written and read as extended XYZ with every digit."""

import re
from dataclasses import dataclass, field

import numpy


@dataclass
class Frame:
    """Atoms in a cell; results are filled in by whoever evaluates the frame.

    cell: rows are the cell vectors [Å]; None for a free cluster.
    forces [eV/Å], energy [eV], virial = sum of r f^T [eV], stress = -virial/volume
    [eV/Å^3, positive in tension, ASE's sign], local_energy [eV].
    """

    name: str
    species: list
    positions: numpy.ndarray
    cell: numpy.ndarray = None
    pbc: tuple = (True, True, True)
    info: dict = field(default_factory=dict)
    energy: float = None
    forces: numpy.ndarray = None
    virial: numpy.ndarray = None
    stress: numpy.ndarray = None
    local_energy: numpy.ndarray = None
    velocities: numpy.ndarray = None
    # Every column that was read, by its name in the file.
    columns: dict = field(default_factory=dict)

    def elements(self):
        return sorted(set(self.species))


def number(value):
    """17 significant digits: reading gives the same double; exact short numbers stay short."""
    short = repr(float(value))
    return short if len(short) < 24 else f"{value:.17g}"


def matrix(values):
    return " ".join(number(value) for value in numpy.asarray(values).flatten())


def write(path, frames):
    with open(path, "w", encoding="utf-8") as stream:
        for frame in frames:
            stream.write(text(frame))


def text(frame):
    columns, names = [frame.positions], "species:S:1:pos:R:3"
    for name, width, values in (
        ("velo", 3, frame.velocities),
        ("forces", 3, frame.forces),
        ("local_energy", 1, frame.local_energy),
        ("mass", 1, frame.columns.get("mass")),
    ):
        if values is not None:
            columns.append(numpy.reshape(values, (-1, width)))
            names += f":{name}:R:{width}"
    keys = []
    if frame.cell is not None:
        keys.append(f'Lattice="{matrix(frame.cell)}"')
    keys.append(f"Properties={names}")
    keys.append('pbc="' + " ".join("T" if periodic else "F" for periodic in frame.pbc) + '"')
    keys.append(f"name={frame.name}")
    keys += [f"{key}={value}" for key, value in frame.info.items()]
    if frame.energy is not None:
        keys.append(f"energy={number(frame.energy)}")
    if frame.virial is not None:
        keys.append(f'virial="{matrix(frame.virial)}"')
    if frame.stress is not None:
        keys.append(f'stress="{matrix(frame.stress)}"')
    lines = [str(len(frame.species)), " ".join(keys)]
    for species, row in zip(frame.species, numpy.hstack(columns)):
        lines.append(species + " " + " ".join(number(value) for value in row))
    return "\n".join(lines) + "\n"


def read(path):
    """Reads extended XYZ with `species` and `pos` and any of the columns that `write` knows."""
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    frames, at = [], 0
    while at < len(lines):
        count = int(lines[at])
        frames.append(parse(lines[at + 1], lines[at + 2 : at + 2 + count]))
        at += 2 + count
    return frames


def parse(header, rows):
    keys = dict(re.findall(r'(\w+)=("[^"]*"|\S+)', header))
    keys = {key: value.strip('"') for key, value in keys.items()}
    fields = [row.split() for row in rows]
    columns, start = {}, 0
    parts = keys.pop("Properties").split(":")
    for name, kind, width in zip(parts[0::3], parts[1::3], map(int, parts[2::3])):
        cells = [row[start : start + width] for row in fields]
        columns[name] = [cell[0] for cell in cells] if kind == "S" else numpy.array(cells, float)
        start += width

    def square(key):
        return numpy.array(keys.pop(key).split(), float).reshape(3, 3) if key in keys else None

    cell = square("Lattice")
    pbc = keys.pop("pbc", "T T T" if cell is not None else "F F F").split()
    local = columns.get("local_energy")
    return Frame(
        name=keys.pop("name", ""),
        species=columns["species"],
        positions=columns["pos"],
        cell=cell,
        pbc=tuple(letter == "T" for letter in pbc),
        energy=float(keys.pop("energy")) if "energy" in keys else None,
        virial=square("virial"),
        stress=square("stress"),
        forces=columns.get("forces"),
        velocities=columns.get("velo"),
        local_energy=local.ravel() if local is not None else None,
        info=keys,
        columns=columns,
    )
