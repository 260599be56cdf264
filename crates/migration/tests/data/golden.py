"""Deterministic fields of one particle by dense NumPy matrices: an independent implementation.

Run: python golden.py > golden.txt (needs NumPy alone). Lines: case, quantity, value.
"""

import numpy as np


def icosphere(subdivisions):
    t = (1 + 5**0.5) / 2
    v = [[-1, t, 0], [1, t, 0], [-1, -t, 0], [1, -t, 0], [0, -1, t], [0, 1, t]]
    v += [[0, -1, -t], [0, 1, -t], [t, 0, -1], [t, 0, 1], [-t, 0, -1], [-t, 0, 1]]
    v = [np.array(x) / np.linalg.norm(x) for x in v]
    f = [[0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4]]
    f += [[11, 10, 2], [10, 7, 6], [7, 1, 8], [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8]]
    f += [[3, 8, 9], [4, 9, 5], [2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1]]
    for _ in range(subdivisions):
        middles, finer = {}, []

        def middle(a, b):
            key = (min(a, b), max(a, b))
            if key not in middles:
                m = v[a] + v[b]
                v.append(m / np.linalg.norm(m))
                middles[key] = len(v) - 1
            return middles[key]

        for a, b, c in f:
            ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
            finer += [[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]]
        f = finer
    v = np.array(v)
    areas, stiffness = np.zeros(len(v)), np.zeros((len(v), len(v)))
    for face in f:
        p = v[face]
        areas[face] += np.linalg.norm(np.cross(p[1] - p[0], p[2] - p[0])) / 6
        for k in range(3):
            i, j, o = face[k], face[(k + 1) % 3], face[(k + 2) % 3]
            e1, e2 = v[i] - v[o], v[j] - v[o]
            half = 0.5 * (e1 @ e2) / np.linalg.norm(np.cross(e1, e2))
            stiffness[i, j] += half
            stiffness[j, i] += half
            stiffness[i, i] -= half
            stiffness[j, j] -= half
    areas *= 4 * np.pi / areas.sum()
    return v, areas, stiffness / areas[:, None]


def run(case, subdivisions, implicit, contact, eta, x0, facets, width, steps, dt=0.002, radius=10.0):
    v, areas, laplacian = icosphere(subdivisions)
    mask = (v[:, 2] > np.cos(np.deg2rad(130.0))) * 1.0 if contact else np.ones(len(v))
    weights = areas * mask / (areas * mask).sum()
    z = np.exp(facets * np.sqrt(3) * (v @ [0.8, 0.6, 0.0]))
    u = 0.5 + width * np.tanh((v @ [0.8, 0.6, 0.0]) / 0.3)
    s = u.copy()
    hydrogen0, oxygen0 = 20e3 * 6 / 7, 20e3 / 7
    cover = lambda p, half: p / (p + half)
    kox = 230 * cover(hydrogen0, 40e3) / cover(oxygen0, 20e3) * np.exp(-x0)
    strength = dt * 100.0 / radius**2
    solve = np.linalg.inv(np.eye(len(v)) - strength * laplacian)
    means = []
    for _ in range(steps):
        oxygen = oxygen0 / (1 + 0.10 * (u @ weights))
        hydrogen = hydrogen0 - 2 * (oxygen0 - oxygen)
        a, b = 230 * cover(hydrogen, 40e3), kox * cover(oxygen, 20e3)
        felt = (1 - eta) * s + eta * (s @ weights)
        red = a * z * mask * (1 - u) * (0.125 + u * u)
        ox = b * mask * u * (0.125 + (1 - u) ** 2) * np.exp(1.4 * (felt - 0.5))
        s = s + dt / 0.25 * (u - s)
        change = dt * (red - ox)
        u = solve @ (u + change) if implicit else u + change + strength * (laplacian @ u)
        means.append(u @ weights)
    dipole = (areas * mask * u) @ v / np.pi
    uptake = 0.10 * u * mask
    # The force of the last step uses the pool of its start.
    force = oxygen * ((areas * uptake / (1 + uptake)) @ v) * (radius * 1e-9) ** 2
    print(case, "copper", repr(float(means[-1])))
    print(case, "promoter", repr(float(s @ weights)))
    print(case, "oxygen", repr(float(oxygen)))
    for k, axis in enumerate("xyz"):
        print(case, "dipole_" + axis, repr(float(dipole[k])))
        print(case, "force_" + axis, repr(float(force[k])))
    for vertex in (0, 17, 100, 161):
        print(case, f"u_{vertex}", repr(float(u[vertex])))
        print(case, f"s_{vertex}", repr(float(s[vertex])))


a = dict(contact=True, eta=0.50, x0=0.03, facets=0.08, width=0.35)
b = dict(contact=False, eta=0.72, x0=0.04, facets=0.0, width=0.40)
run("A-implicit", 2, True, steps=250, **a)
run("A-explicit", 2, False, steps=250, **a)
run("A-fine", 3, True, steps=100, **a)
run("B-implicit", 2, True, steps=250, **b)
run("B-explicit", 2, False, steps=250, **b)
