"""Crystals, alloys, clusters, slabs and dimers to compare potentials on.

All random numbers come from a generator seeded by the caller, so every file can
be made again.
"""

import itertools

import numpy

from support.frames import Frame

BASES = {
    "fcc": [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
    "bcc": [[0, 0, 0], [0.5, 0.5, 0.5]],
}


def crystal(name, lattice, constant, repeat, species):
    """`species` is one name, or one for each atom of the basis (L1_2, L1_0, B2 are fcc and bcc so)."""
    basis = numpy.array(BASES[lattice])
    labels = [species] * len(basis) if isinstance(species, str) else species
    cells = numpy.array(list(numpy.ndindex(*repeat)))
    positions = (cells[:, None, :] + basis[None, :, :]).reshape(-1, 3) * constant
    return Frame(name, labels * len(cells), positions, numpy.diag(numpy.array(repeat) * float(constant)))


def rattled(frame, amplitude, generator, name=None):
    """Every coordinate moved by up to `amplitude` [Å]: uniform, so no pair comes unnaturally close."""
    noise = generator.uniform(-amplitude, amplitude, frame.positions.shape)
    return changed(frame, name or f"{frame.name}_rattled_{amplitude}", positions=frame.positions + noise)


def alloyed(frame, composition, generator, name):
    """Exact composition: the largest species takes what rounding leaves."""
    count = len(frame.species)
    order = sorted(composition, key=composition.get)
    labels = []
    for element in order[:-1]:
        labels += [element] * round(composition[element] * count)
    labels += [order[-1]] * (count - len(labels))
    return changed(frame, name, species=[labels[i] for i in generator.permutation(count)])


def strained(frame, deformation, name):
    """`deformation` multiplies row vectors from the right."""
    deformation = numpy.array(deformation, float)
    return changed(
        frame, name, positions=frame.positions @ deformation, cell=frame.cell @ deformation
    )


def cluster(frame, radius, name):
    """The atoms within `radius` [Å] of the middle, free in space."""
    middle = frame.positions.mean(axis=0)
    inside = numpy.linalg.norm(frame.positions - middle, axis=1) < radius
    return Frame(
        name,
        [label for label, keep in zip(frame.species, inside) if keep],
        frame.positions[inside] - middle,
        None,
        (False, False, False),
    )


def slab(frame, adatom, name, height, vacuum=14.0):
    """An adatom in the (100) hollow `height` [Å] above the top layer; z is not periodic."""
    top = frame.positions[:, 2].max()
    layer = frame.positions[numpy.isclose(frame.positions[:, 2], top)]
    spacing = numpy.unique(numpy.round(frame.positions[:, 0], 9))[1]
    corner = layer[numpy.lexsort((layer[:, 1], layer[:, 0]))][0]
    hollow = corner + [spacing, 0.0, height]
    cell = frame.cell.copy()
    cell[2, 2] += vacuum
    return Frame(
        name,
        [*frame.species, adatom],
        numpy.vstack([frame.positions, hollow]) + [0, 0, vacuum / 2],
        cell,
        (True, True, False),
    )


def wire(frame, name, vacuum=14.0):
    """Periodic along z only."""
    cell = frame.cell.copy()
    cell[0, 0] += vacuum
    cell[1, 1] += vacuum
    shift = numpy.array([vacuum / 2, vacuum / 2, 0])
    return changed(frame, name, positions=frame.positions + shift, cell=cell, pbc=(False, False, True))


def dimers(first, second, distances):
    return [
        Frame(
            f"dimer_{first}{second}_{distance:.2f}",
            [first, second],
            numpy.array([[0.0, 0.0, 0.0], [distance, 0.0, 0.0]]),
            None,
            (False, False, False),
        )
        for distance in distances
    ]


def turned(frame, name):
    """The same atoms with the cell in no special orientation: tests what a restricted frame hides."""
    angle, tilt = 0.7, 0.4
    about_z = [[numpy.cos(angle), numpy.sin(angle), 0], [-numpy.sin(angle), numpy.cos(angle), 0], [0, 0, 1]]
    about_x = [[1, 0, 0], [0, numpy.cos(tilt), numpy.sin(tilt)], [0, -numpy.sin(tilt), numpy.cos(tilt)]]
    return strained(frame, numpy.array(about_z) @ numpy.array(about_x), name)


def changed(frame, name, **fields):
    values = {"species": list(frame.species), "positions": frame.positions.copy(),
              "cell": None if frame.cell is None else frame.cell.copy(), "pbc": frame.pbc}
    values.update(fields)
    return Frame(name, **values)


SHEAR = [[1.02, 0.0, 0.0], [0.11, 0.98, 0.0], [-0.07, 0.13, 1.01]]


def binary_alloy_set(major, minor, fcc, bcc, constants, ordered, generator):
    """About twenty frames for a binary potential.

    fcc, bcc: the two elements that crystallise so (bcc may be None).
    constants: lattice constants [Å] of each element and of the fcc "alloy".
    ordered: the majority and minority element of the L1_2 crystal.
    """
    alloy = constants["alloy"]
    frames = []
    for lattice, element, repeat in [("fcc", each, (3, 3, 3)) for each in fcc] + [
        ("bcc", each, (3, 3, 3)) for each in bcc
    ]:
        perfect = crystal(f"{lattice}_{element}_perfect", lattice, constants[element], repeat, element)
        frames.append(perfect)
        for amplitude in (0.1, 0.3):
            frames.append(rattled(perfect, amplitude, generator, f"{lattice}_{element}_rattled_{amplitude}"))
    many, few = ordered
    perfect = crystal(f"L12_{many}3{few}_perfect", "fcc", alloy, (2, 2, 2), [few, many, many, many])
    frames.append(perfect)
    for amplitude in (0.1, 0.3):
        frames.append(rattled(perfect, amplitude, generator, f"L12_{many}3{few}_rattled_{amplitude}"))
    base = crystal("base", "fcc", alloy, (3, 3, 3), major)
    equal = {major: 0.5, minor: 0.5}
    frames.append(rattled(alloyed(base, {major: 0.85, minor: 0.15}, generator, "x"), 0.1, generator,
                          f"random_{major}85{minor}15_rattled_0.1"))
    dense = alloyed(crystal("base", "fcc", 0.93 * alloy, (3, 3, 3), major), equal, generator, "x")
    frames.append(rattled(dense, 0.2, generator, f"random_{major}50{minor}50_compressed_rattled_0.2"))
    sheared = strained(alloyed(base, equal, generator, "x"), SHEAR, "x")
    frames.append(rattled(sheared, 0.15, generator, f"random_{major}50{minor}50_triclinic_rattled_0.15"))
    # 32 atoms in 7.5-7.8 Å: narrower than twice the cutoff, so atoms meet several images of a neighbour.
    narrow = alloyed(crystal("base", "fcc", alloy, (2, 2, 2), major), equal, generator, "x")
    frames.append(rattled(narrow, 0.1, generator, f"random_{major}50{minor}50_narrow_rattled_0.1"))
    frames.append(turned(rattled(strained(narrow, SHEAR, "x"), 0.1, generator),
                         f"random_{major}50{minor}50_narrow_turned_rattled_0.1"))
    large = crystal("base", "fcc", alloy, (5, 5, 5), major)
    ball = cluster(alloyed(large, equal, generator, "x"), 7.6, "x")
    frames.append(rattled(ball, 0.1, generator, f"cluster_{major}50{minor}50_rattled_0.1"))
    frames.append(rattled(ball, 0.3, generator, f"cluster_{major}50{minor}50_rattled_0.3"))
    frames += slab_and_wire(major, minor, alloy, generator)
    return frames


def slab_and_wire(major, minor, alloy, generator):
    """Mixed periodicity: an adatom of each element on a (100) slab, and a wire."""
    frames = []
    layers = crystal("base", "fcc", alloy, (3, 3, 2), major)
    for adatom in (major, minor):
        for amplitude in (0.0, 0.1):
            mixed = alloyed(layers, {major: 0.85, minor: 0.15}, generator, "x")
            flat = slab(mixed, adatom, f"adatom_{adatom}_on_{major}85{minor}15_100", 0.45 * alloy)
            frames.append(rattled(flat, amplitude, generator, f"{flat.name}_rattled_{amplitude}"))
    thin = alloyed(crystal("base", "fcc", alloy, (2, 2, 3), major), {major: 0.5, minor: 0.5}, generator, "x")
    frames.append(rattled(wire(thin, "x"), 0.1, generator, f"wire_{major}50{minor}50_rattled_0.1"))
    return frames


def element_set(element, lattice, constant, generator):
    """Ten frames of one element: crystals, dense and stretched, triclinic, cluster, slab, dimers."""
    perfect = crystal(f"{lattice}_{element}_perfect", lattice, constant, (3, 3, 3), element)
    frames = [perfect]
    for amplitude in (0.1, 0.3):
        frames.append(rattled(perfect, amplitude, generator, f"{lattice}_{element}_rattled_{amplitude}"))
    for scale in (0.94, 1.06):
        scaled = crystal(f"{element}_scaled_{scale}", lattice, scale * constant, (3, 3, 3), element)
        frames.append(rattled(scaled, 0.1, generator, f"{element}_scaled_{scale}_rattled_0.1"))
    small = crystal("base", lattice, constant, (2, 2, 2), element)
    frames.append(turned(rattled(strained(small, SHEAR, "x"), 0.1, generator), f"{element}_narrow_turned_rattled_0.1"))
    ball = cluster(crystal("base", lattice, constant, (5, 5, 5), element), 7.6, "x")
    frames.append(rattled(ball, 0.1, generator, f"cluster_{element}_rattled_0.1"))
    layers = crystal("base", lattice, constant, (3, 3, 2), element)
    flat = slab(layers, element, f"adatom_{element}", 0.5 * constant)
    frames.append(rattled(flat, 0.1, generator, f"adatom_{element}_rattled_0.1"))
    return frames + dimers(element, element, numpy.round(numpy.arange(1.8, 5.0, 0.2), 10))


def shortest_distance(frame):
    """The smallest distance [Å] between any two atoms or images of atoms."""
    shifts = numpy.zeros((1, 3))
    if frame.cell is not None:
        ranges = [(-1, 0, 1) if periodic else (0,) for periodic in frame.pbc]
        shifts = numpy.array(list(itertools.product(*ranges))) @ frame.cell
    difference = frame.positions[:, None, :] - frame.positions[None, :, :]
    best = numpy.inf
    for shift in shifts:
        squared = ((difference + shift) ** 2).sum(axis=2)
        best = min(best, squared[squared > 1e-12].min(initial=numpy.inf))
    return float(numpy.sqrt(best))
