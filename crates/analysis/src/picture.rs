//! A picture of the atoms: shaded balls, as seen from far away.

use crate::svg::{Anchor, Stroke, Svg, TextStyle, number, text_width};
use frit_atoms::{Matrix, System, Vector};
use std::collections::BTreeSet;

/// From where the atoms are seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View {
    /// From above: x to the right, y upwards, looking down along z.
    AlongZ,
    /// A little from above the xy plane's lower edge and from the side, so that solids look solid.
    Tilted,
}

/// How a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureOptions {
    /// From where.
    pub view: View,
    /// Longer side of the area of the atoms [pixels].
    pub size: f64,
    /// Radius of the balls [Å].
    pub radius: f64,
}

impl Default for PictureOptions {
    /// Tilted, 900 pixels, balls of 1.39 Å (half the nearest distance in platinum).
    fn default() -> Self {
        Self {
            view: View::Tilted,
            size: 900.0,
            radius: 1.39,
        }
    }
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// There are no atoms.
    #[error("there are no atoms to draw")]
    NoAtoms,
    /// A position is not finite.
    #[error("atom {id} has a position that is not finite; nothing can be drawn to scale")]
    NotFinite {
        /// The atom's id.
        id: u32,
    },
    /// Size or radius is not positive.
    #[error("a picture needs a positive size and radius; found {size} pixels and {radius} Å")]
    BadOptions {
        /// Size [pixels].
        size: f64,
        /// Radius [Å].
        radius: f64,
    },
}

/// Colours of the species (down) of the first and the second group, and so on in turn: groups
/// differ in hue, species in lightness, which greyscale keeps.
const COLOURS: [[[u8; 3]; 4]; 3] = [
    [[124, 164, 208], [20, 56, 104], [96, 160, 160], [60, 60, 90]],
    [[250, 214, 162], [166, 82, 14], [204, 160, 60], [96, 50, 40]],
    [[176, 212, 166], [40, 98, 52], [120, 180, 90], [50, 70, 40]],
];

/// Steps of darkness from the front to the back.
const DEPTHS: usize = 6;
/// Part of the light lost at the back.
const DARKEST: f64 = 0.42;
/// Free space around the atoms [pixels].
const MARGIN: f64 = 18.0;
/// Space below for scale bar and legend [pixels].
const FOOTER: f64 = 44.0;
/// Fineness of the test of what is hidden: radii a pixel of its mask.
const MASK: f64 = 1.0 / 12.0;
/// Most pixels of that mask.
const MOST_MASK: f64 = 16e6;

/// Draws the atoms in front: those that no others hide. Atoms are coloured by group and species.
///
/// The projection is parallel, so the scale bar holds everywhere.
///
/// # Errors
/// There must be atoms, all at finite positions; size and radius must be positive.
pub fn picture(system: &System, options: &PictureOptions) -> Result<String, PictureError> {
    let &PictureOptions { view, size, radius } = options;
    if !(size > 0.0 && size.is_finite() && radius > 0.0 && radius.is_finite()) {
        return Err(PictureError::BadOptions { size, radius });
    }
    let balls = balls(system, view)?;
    let mut low = Vector::repeat(f64::INFINITY);
    let mut high = Vector::repeat(f64::NEG_INFINITY);
    for ball in &balls {
        low = low.inf(&ball.place);
        high = high.sup(&ball.place);
    }
    let extent = (high - low).add_scalar(2.0 * radius);
    let scale = size / extent.x.max(extent.y);
    let width = scale * extent.x + 2.0 * MARGIN;
    let height = scale * extent.y + 2.0 * MARGIN;
    let width_total = width.max(360.0);
    let left = 0.5 * (width_total - width) + MARGIN;

    let mut svg = Svg::new([width_total, height + FOOTER]);
    let seen = visible(&balls, low.add_scalar(-radius), extent, radius);
    let depth = |ball: &Ball| {
        let back = (high.z - ball.place.z) / (high.z - low.z).max(radius);
        ((back * DEPTHS as f64) as usize).min(DEPTHS - 1)
    };
    let kinds: BTreeSet<(u8, u8, usize)> = seen
        .iter()
        .map(|ball| (ball.group, ball.species, depth(ball)))
        .collect();
    svg.push(&gradients(&kinds));
    for ball in &seen {
        let x = left + scale * (ball.place.x - low.x + radius);
        let y = MARGIN + scale * (high.y - ball.place.y + radius);
        let kind = name(ball.group, ball.species, depth(ball));
        svg.push(&circle([x, y], scale * radius, &kind));
    }
    draw_scale_bar(&mut svg, scale, extent.x, [MARGIN, height + 16.0]);
    draw_legend(
        &mut svg,
        system,
        &kinds,
        [width_total - MARGIN, height + 21.0],
    );
    Ok(svg.finish(&format!("{} atoms", system.atoms.len())))
}

/// An atom in the coordinates of the viewer: x right, y up, z towards the eye.
#[derive(Debug, Clone, Copy)]
struct Ball {
    place: Vector,
    group: u8,
    species: u8,
}

fn balls(system: &System, view: View) -> Result<Vec<Ball>, PictureError> {
    let turn = match view {
        View::AlongZ => Matrix::identity(),
        View::Tilted => tilt(),
    };
    if system.atoms.is_empty() {
        return Err(PictureError::NoAtoms);
    }
    let mut balls = Vec::with_capacity(system.atoms.len());
    for index in system.atoms.by_id() {
        let atom = system.atoms.get(index as usize);
        if !atom.position.iter().all(|x| x.is_finite()) {
            return Err(PictureError::NotFinite { id: atom.id });
        }
        balls.push(Ball {
            place: turn * atom.position,
            group: atom.group,
            species: atom.species,
        });
    }
    Ok(balls)
}

/// The upper edge turned back by 27°, after a turn about the upright axis by 3°: little enough to look
/// through the gap between two particles along x.
fn tilt() -> Matrix {
    let (about_x, about_y) = (27_f64.to_radians(), 3_f64.to_radians());
    let (sx, cx) = about_x.sin_cos();
    let (sy, cy) = about_y.sin_cos();
    let upright = Matrix::new(cy, 0.0, sy, 0.0, 1.0, 0.0, -sy, 0.0, cy);
    let back = Matrix::new(1.0, 0.0, 0.0, 0.0, cx, -sx, 0.0, sx, cx);
    back * upright
}

/// The balls of which something is seen, from the back to the front.
///
/// From the front to the back, each ball covers its disc in a mask of pixels; a ball all of whose
/// disc is covered is hidden.
fn visible(balls: &[Ball], low: Vector, extent: Vector, radius: f64) -> Vec<Ball> {
    let mut order: Vec<&Ball> = balls.iter().collect();
    order.sort_by(|a, b| b.place.z.total_cmp(&a.place.z));
    let pixel = (MASK * radius).max((extent.x * extent.y / MOST_MASK).sqrt());
    let columns = (extent.x / pixel).ceil() as usize + 1;
    let rows = (extent.y / pixel).ceil() as usize + 1;
    let mut covered = vec![false; columns * rows];
    let mut seen = Vec::new();
    for ball in order {
        let centre = [0, 1].map(|k| (ball.place[k] - low[k]) / pixel);
        let reach = radius / pixel;
        let span = |k: usize, count: usize| {
            let from = (centre[k] - reach).floor().max(0.0) as usize;
            from..=((centre[k] + reach).ceil() as usize).min(count - 1)
        };
        let mut open = 0;
        for row in span(1, rows) {
            for column in span(0, columns) {
                let apart = [column as f64 - centre[0], row as f64 - centre[1]];
                // At least one pixel even for balls smaller than it.
                let inside = apart[0].powi(2) + apart[1].powi(2) <= reach.max(0.75).powi(2);
                if inside && !covered[row * columns + column] {
                    covered[row * columns + column] = true;
                    open += 1;
                }
            }
        }
        if open > 0 {
            seen.push(*ball);
        }
    }
    seen.reverse();
    seen
}

fn name(group: u8, species: u8, depth: usize) -> String {
    format!("g{group}s{species}d{depth}")
}

fn colour(group: u8, species: u8) -> [f64; 3] {
    let hues = &COLOURS[usize::from(group.saturating_sub(1)) % COLOURS.len()];
    hues[usize::from(species) % hues.len()].map(f64::from)
}

fn hex(colour: [f64; 3]) -> String {
    let [r, g, b] = colour.map(|part| part.clamp(0.0, 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// One shaded fill for each group, species and depth.
fn gradients(kinds: &BTreeSet<(u8, u8, usize)>) -> String {
    let mut definitions = String::from("<defs>");
    for &(group, species, depth) in kinds {
        let light = 1.0 - DARKEST * depth as f64 / (DEPTHS - 1) as f64;
        let base = colour(group, species).map(|part| light * part);
        let bright = base.map(|part| part + 0.55 * (255.0 * light - part));
        let dark = base.map(|part| 0.62 * part);
        definitions.push_str(&format!(
            r#"<radialGradient id="{}" cx="0.5" cy="0.5" r="0.5" fx="0.34" fy="0.3"><stop offset="0" stop-color="{}"/><stop offset="0.55" stop-color="{}"/><stop offset="1" stop-color="{}"/></radialGradient>"#,
            name(group, species, depth),
            hex(bright),
            hex(base),
            hex(dark)
        ));
    }
    definitions.push_str("</defs>");
    definitions
}

fn circle(centre: [f64; 2], radius: f64, fill: &str) -> String {
    let [x, y, r] = [centre[0], centre[1], radius].map(number);
    format!(r##"<circle cx="{x}" cy="{y}" r="{r}" fill="url(#{fill})"/>"##)
}

/// A bar of a round length, about a fifth of the width, with its length in nm.
fn draw_scale_bar(svg: &mut Svg, scale: f64, width: f64, at: [f64; 2]) {
    let wanted = 0.2 * width;
    let power = 10_f64.powf(wanted.log10().floor());
    let length = [5.0, 2.0, 1.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|length| *length <= wanted)
        .unwrap_or(power);
    let stroke = Stroke {
        colour: "#1a1a1a",
        width: 4.0,
        dash: "",
    };
    let end = at[0] + scale * length;
    svg.line(at, [end, at[1]], stroke);
    let style = label(Anchor::Start);
    svg.text(
        [end + 8.0, at[1] + 5.0],
        style,
        &format!("{} nm", 0.1 * length),
    );
}

/// A ball and a name for each group and species that is seen, ending at the right.
fn draw_legend(svg: &mut Svg, system: &System, kinds: &BTreeSet<(u8, u8, usize)>, at: [f64; 2]) {
    let mut front: Vec<(u8, u8, usize)> = kinds.iter().copied().collect();
    // Kinds are sorted, so that the first of each group and species is its foremost depth.
    front.dedup_by_key(|kind| (kind.0, kind.1));
    let groups: BTreeSet<u8> = front.iter().map(|kind| kind.0).collect();
    let entry = |group: u8, species: u8| {
        let element = &system.species[usize::from(species)].name;
        if groups.len() > 1 {
            format!("{element}, particle {group}")
        } else {
            element.clone()
        }
    };
    const BALL: f64 = 26.0;
    const SPACE: f64 = 10.0;
    let width = |text: &str| BALL + text_width(text, 14.0) + SPACE;
    let total: f64 = (front.iter())
        .map(|kind| width(&entry(kind.0, kind.1)))
        .sum();
    let mut x = at[0] - total;
    for (group, species, depth) in front {
        let text = entry(group, species);
        svg.push(&circle(
            [x + 8.0, at[1] - 5.0],
            8.0,
            &name(group, species, depth),
        ));
        svg.text([x + BALL - 4.0, at[1]], label(Anchor::Start), &text);
        x += width(&text);
    }
}

fn label(anchor: Anchor) -> TextStyle {
    TextStyle {
        anchor,
        size: 14.0,
        colour: "#1a1a1a",
        weight: "normal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frit_atoms::{Atom, Atoms, Cell, Species};

    fn atoms_at(positions: &[[f64; 3]]) -> System {
        let atoms: Atoms = (1_u32..)
            .zip(positions)
            .map(|(id, &position)| Atom {
                position: Vector::from(position),
                velocity: Vector::zeros(),
                image: [0; 3],
                species: 0,
                id,
                group: 0,
            })
            .collect();
        let cell = Cell::orthogonal([10.0; 3], [false; 3]).unwrap();
        System::new(cell, atoms, vec![Species::of_element("Pt").unwrap()]).unwrap()
    }

    fn balls_in(svg: &str) -> usize {
        // One more stands in the legend.
        svg.matches("<circle").count() - 1
    }

    #[test]
    fn hidden_atoms_are_not_drawn_and_others_from_back_to_front() {
        let along_z = PictureOptions {
            view: View::AlongZ,
            ..PictureOptions::default()
        };
        let stacked = atoms_at(&[[0.0, 0.0, 0.0], [0.0, 0.0, 3.0], [2.0, 0.0, 3.0]]);
        assert_eq!(balls_in(&picture(&stacked, &along_z).unwrap()), 2);
        let peeping = atoms_at(&[[0.0, 0.0, 3.0], [1.4, 0.0, 0.0]]);
        let svg = picture(&peeping, &along_z).unwrap();
        assert_eq!(balls_in(&svg), 2);
        // The farther one is the darker, and comes first.
        let back = svg.find(r#"fill="url(#g0s0d5)"#).unwrap();
        let front = svg.find(r#"fill="url(#g0s0d0)"#).unwrap();
        assert!(back < front);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let options = PictureOptions::default();
        assert_eq!(
            picture(&atoms_at(&[]), &options),
            Err(PictureError::NoAtoms)
        );
        let one = atoms_at(&[[0.0; 3]]);
        let flat = PictureOptions {
            radius: 0.0,
            ..options
        };
        assert!(matches!(
            picture(&one, &flat),
            Err(PictureError::BadOptions { .. })
        ));
        assert!(picture(&one, &options).unwrap().contains("1 atoms"));
        // An atom far away makes the rest small, but uses no more memory.
        let far = atoms_at(&[[0.0; 3], [1e7, 1e7, 0.0]]);
        assert_eq!(balls_in(&picture(&far, &options).unwrap()), 2);
    }
}
