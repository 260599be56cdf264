"""Evaluates frames and runs dynamics with LAMMPS, in this process and in full precision."""

import ctypes
from dataclasses import dataclass

import numpy
from lammps import lammps

from support.frames import Frame

MASSES = {"Pt": 195.084, "Fe": 55.845, "Cu": 63.546, "Ni": 58.6934, "Al": 26.982, "Co": 58.933,
          "Cr": 51.996, "V": 50.942, "Mo": 95.95, "Zr": 91.224, "Ta": 180.948}


@dataclass
class Potential:
    """A LAMMPS pair style with its `pair_coeff` lines; `{elements}` stands for the element names."""

    name: str
    style: str
    coefficients: list
    elements: list


def eam(name, style, file, elements):
    return Potential(name, style, [f"* * {file} {{elements}}"], elements)


def funcfl(name, files):
    """`files`: element -> funcfl file; LAMMPS forms the mixed pairs itself."""
    lines = [f"{index} {index} {file}" for index, file in enumerate(files.values(), 1)]
    return Potential(name, "eam", lines, list(files))


def meam(name, library, parameters, elements):
    names = " ".join(elements)
    return Potential(name, "meam", [f"* * {library} {names} {parameters} {{elements}}"], elements)


def digits(value):
    return f"{value:.17g}"


def restricted(cell):
    """LAMMPS wants a lower triangular cell. Returns it with Q such that cell = lower @ Q."""
    if cell[0, 1] == cell[0, 2] == cell[1, 2] == 0:
        return cell, numpy.eye(3)
    transposed, upper = numpy.linalg.qr(cell.T)
    signs = numpy.diag(numpy.sign(numpy.diag(upper)))
    lower = (signs @ upper).T
    return numpy.tril(lower), (transposed @ signs).T


class Box:
    """The simulation box of a frame: free directions get a box with room around the atoms."""

    def __init__(self, frame):
        room = 30.0
        if frame.cell is None:
            low = frame.positions.min(axis=0) - room
            self.cell = numpy.diag(frame.positions.max(axis=0) + room - low)
            self.origin, self.rotation = low, numpy.eye(3)
        else:
            self.cell, self.rotation = restricted(frame.cell)
            self.origin = numpy.zeros(3)
        self.positions = frame.positions if (self.rotation == numpy.eye(3)).all() else (
            frame.positions @ self.rotation.T)
        self.boundary = ["p" if periodic else "f" for periodic in frame.pbc]

    def commands(self, types):
        lengths = numpy.diag(self.cell)
        bounds = [digits(value) for low, length in zip(self.origin, lengths) for value in (low, low + length)]
        tilts = [self.cell[1, 0], self.cell[2, 0], self.cell[2, 1]]
        shape = "block" if not any(tilts) else "prism"
        extra = [] if shape == "block" else [digits(tilt) for tilt in tilts]
        return [
            "units metal",
            "atom_style atomic",
            "atom_modify map array",
            "boundary " + " ".join(self.boundary),
            "box tilt large",
            f"region box {shape} {' '.join(bounds + extra)} units box",
            f"create_box {types} box",
        ]


def started(frame, potential, extra=()):
    """A LAMMPS instance that holds the frame; atom ids are 1, 2, ... in the frame's order."""
    engine = lammps(cmdargs=["-log", "none", "-screen", "none"])
    box = Box(frame)
    elements = potential.elements
    engine.commands_list(box.commands(len(elements)))
    count = len(frame.species)
    kinds = [elements.index(element) + 1 for element in frame.species]
    made = engine.create_atoms(count, list(range(1, count + 1)), kinds, box.positions.flatten().tolist(), None)
    if made != count:
        raise RuntimeError(f"{frame.name}: LAMMPS took {made} of {count} atoms")
    engine.command(f"pair_style {potential.style}")
    for line in potential.coefficients:
        engine.command("pair_coeff " + line.format(elements=" ".join(elements)))
    for index, element in enumerate(elements, 1):
        engine.command(f"mass {index} {digits(MASSES[element])}")
    engine.commands_list(["neighbor 0.5 bin", *extra])
    return engine, box


def evaluated(frame, potential):
    """The frame with LAMMPS's energy, forces, virial, stress and per-atom energies."""
    engine, box = started(frame, potential, [
        "compute local all pe/atom",
        "compute sum all reduce sum c_local",
        "compute virial all pressure NULL virial",
        "thermo_style custom step pe c_sum c_virial[1]",
        "run 0 post no",
    ])
    forces = numpy.array(engine.gather_atoms("f", 1, 3)).reshape(-1, 3)
    energy = engine.get_thermo("pe")
    xx, yy, zz, xy, xz, yz = engine.numpy.extract_compute("virial", 0, 1) / engine.extract_global("nktv2p")
    volume = abs(numpy.linalg.det(box.cell))
    virial = numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) * volume
    local = numpy.array(engine.gather("c_local", 1, 1))
    engine.close()
    if (box.rotation != numpy.eye(3)).any():
        forces = forces @ box.rotation
        virial = box.rotation.T @ virial @ box.rotation
    stress = None if frame.cell is None else -virial / volume
    return Frame(frame.name, frame.species, frame.positions, frame.cell, frame.pbc,
                 {**frame.info, "potential": potential.name}, energy, forces, virial, stress, local)


def nve(frame, potential, steps, timestep):
    """Frames at step 0 and at step `steps`; positions are unwrapped, velocities in Å/ps."""
    engine, box = started(frame, potential, ["fix nve all nve", f"timestep {digits(timestep)}"])
    velocities = numpy.ascontiguousarray(frame.velocities, float)
    engine.scatter_atoms("v", 1, 3, (ctypes.c_double * velocities.size)(*velocities.flatten()))
    constants = {key: engine.extract_global(key) for key in ("ftm2v", "mvv2e", "boltz")}
    frames = []
    for count in (0, steps):
        engine.command(f"run {count}" if count == 0 else f"run {count} pre no")
        positions = numpy.array(engine.gather_atoms("x", 1, 3)).reshape(-1, 3)
        images = numpy.array(engine.gather_atoms("image", 0, 3)).reshape(-1, 3)
        energy, kinetic = engine.get_thermo("pe"), engine.get_thermo("ke")
        info = {"potential": potential.name, "Timestep": count, "Time": number_of(count * timestep),
                "kinetic_energy": number_of(kinetic)}
        info.update({f"mass_{element}": number_of(MASSES[element]) for element in potential.elements})
        info.update({key: number_of(value) for key, value in constants.items()})
        frames.append(Frame(
            f"{frame.name}_step_{count}", frame.species, positions + images @ box.cell,
            frame.cell, frame.pbc, info, energy,
            numpy.array(engine.gather_atoms("f", 1, 3)).reshape(-1, 3),
            velocities=numpy.array(engine.gather_atoms("v", 1, 3)).reshape(-1, 3)))
    engine.close()
    return frames


def number_of(value):
    return repr(float(value))


def equilibrium(potential, element, lattice, guess):
    """Lattice constant of zero pressure [Å] and cohesive energy [eV], by bisection."""
    from support.structures import crystal

    def result(constant):
        return evaluated(crystal("x", lattice, constant, (3, 3, 3), element), potential)

    low, high = 0.97 * guess, 1.03 * guess
    for _ in range(50):
        middle = 0.5 * (low + high)
        # The stress is positive (tension) when the crystal is too wide.
        if numpy.trace(result(middle).stress) > 0:
            high = middle
        else:
            low = middle
    final = result(0.5 * (low + high))
    return 0.5 * (low + high), -final.energy / len(final.species)
