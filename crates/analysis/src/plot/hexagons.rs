//! A lattice of hexagonal cells seen from above: colours for levels, a path, a disc.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{GREY, INK, text};
use crate::svg::{Anchor, Stroke, Svg, number, text_width};

/// Longer side of the lattice [pixels].
const SIZE: f64 = 640.0;
const MARGIN: f64 = 30.0;
const TOP: f64 = 66.0;
const BOTTOM: f64 = 44.0;
/// Space of the legend at the right.
const LEGEND: f64 = 110.0;
const LEGEND_ROW: f64 = 20.0;
const SWATCH: f64 = 15.0;
/// Most levels with colours of their own; lower ones share the darkest.
const LEVELS: i64 = 14;
/// Colours of the lowest and of the highest level; those between are mixed.
const LOW: [f64; 3] = [16.0, 44.0, 84.0];
const HIGH: [f64; 3] = [226.0, 236.0, 246.0];

const PATH: Stroke = Stroke {
    colour: "#d9601a",
    width: 1.8,
    dash: "",
};
const SCALE_BAR: Stroke = Stroke {
    colour: INK,
    width: 2.4,
    dash: "",
};

/// A lattice of hexagonal cells, whose neighbours lie along x and at multiples of 60° from it.
#[derive(Debug, Clone, PartialEq)]
pub struct HexagonMap {
    /// Title of the whole.
    pub title: String,
    /// What the levels are: `height [layers]`.
    pub label: String,
    /// Distance of neighbouring cells [nm].
    pub distance: f64,
    /// Centres [nm] and levels of the cells.
    pub cells: Vec<([f64; 2], i64)>,
    /// A path over them [nm].
    pub path: Vec<[f64; 2]>,
    /// Centre and radius of a disc on them [nm].
    pub disc: Option<([f64; 2], f64)>,
}

impl HexagonMap {
    /// The lattice as an SVG document; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for (place, _) in &self.cells {
            for axis in 0..2 {
                low[axis] = low[axis].min(place[axis] - self.distance);
                high[axis] = high[axis].max(place[axis] + self.distance);
            }
        }
        if self.cells.is_empty() {
            (low, high) = ([0.0; 2], [1.0; 2]);
        }
        let extent = [high[0] - low[0], high[1] - low[1]];
        let scale = SIZE / extent[0].max(extent[1]);
        let [width, height] = extent.map(|length| length * scale);
        let pixel = |[x, y]: [f64; 2]| [MARGIN + scale * (x - low[0]), TOP + scale * (high[1] - y)];
        let mut svg = Svg::new([MARGIN + width + LEGEND, TOP + height + BOTTOM]);
        svg.text(
            [MARGIN, 27.0],
            text(Anchor::Start, 17.0, INK, "bold"),
            &self.title,
        );
        svg.text(
            [MARGIN, 48.0],
            text(Anchor::Start, 13.0, GREY, "normal"),
            &self.label,
        );
        let levels = self.draw_cells(&mut svg, scale, pixel);
        let path: Vec<[f64; 2]> = self.path.iter().map(|&place| pixel(place)).collect();
        if !path.is_empty() {
            svg.dot(path[0], 4.0, PATH.colour);
            svg.path(&[path], PATH);
        }
        if let Some((centre, radius)) = self.disc {
            let [x, y] = pixel(centre).map(number);
            svg.push(&format!(
                r##"<circle cx="{x}" cy="{y}" r="{}" fill="#3a3a3a" fill-opacity="0.55" stroke="{INK}" stroke-width="1.3"/>"##,
                number(scale * radius)
            ));
        }
        draw_legend(&mut svg, &levels, MARGIN + width + 16.0);
        draw_scale_bar(&mut svg, scale, extent[0], TOP + height + 16.0);
        svg.finish(&self.title)
    }

    /// Draws the cells, one path for each level; the levels with their colours.
    fn draw_cells(
        &self,
        svg: &mut Svg,
        scale: f64,
        pixel: impl Fn([f64; 2]) -> [f64; 2],
    ) -> BTreeMap<i64, String> {
        // From the centre to a corner; a little more, so that no gaps shine through.
        let reach = 1.02 * scale * self.distance / 3.0_f64.sqrt();
        let corners: Vec<[f64; 2]> = (0..6)
            .map(|k| (f64::from(k) * 60.0 + 30.0).to_radians())
            .map(|angle| [reach * angle.cos(), reach * angle.sin()])
            .collect();
        let mut paths: BTreeMap<i64, String> = BTreeMap::new();
        for &(place, level) in &self.cells {
            let [x, y] = pixel(place);
            let path = paths.entry(level).or_default();
            for (k, [dx, dy]) in corners.iter().enumerate() {
                let letter = if k == 0 { 'M' } else { 'L' };
                // Writing to a String cannot fail.
                let _ = write!(path, "{letter}{} {}", number(x + dx), number(y + dy));
            }
            path.push('Z');
        }
        let highest = paths.keys().next_back().copied().unwrap_or(0);
        let lowest = paths.keys().next().copied().unwrap_or(0);
        let lowest = lowest.max(highest - LEVELS + 1);
        paths
            .into_iter()
            .map(|(level, path)| {
                let span = (highest - lowest).max(1) as f64;
                let share = (level.max(lowest) - lowest) as f64 / span;
                let colour = mixed(if highest == lowest { 1.0 } else { share });
                svg.push(&format!(r#"<path d="{path}" fill="{colour}"/>"#));
                (level, colour)
            })
            .collect()
    }
}

fn mixed(share: f64) -> String {
    let [r, g, b] = [0, 1, 2].map(|k| (LOW[k] + share * (HIGH[k] - LOW[k])).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn draw_legend(svg: &mut Svg, levels: &BTreeMap<i64, String>, left: f64) {
    for (row, (level, colour)) in levels.iter().rev().take(2 * LEVELS as usize).enumerate() {
        let top = TOP + LEGEND_ROW * row as f64;
        svg.rectangle([left, top], [SWATCH, SWATCH], colour);
        svg.text(
            [left + SWATCH + 8.0, top + SWATCH - 3.0],
            text(Anchor::Start, 13.0, INK, "normal"),
            &level.to_string(),
        );
    }
}

/// A bar of a round length, about a fifth of the lattice.
fn draw_scale_bar(svg: &mut Svg, scale: f64, extent: f64, y: f64) {
    let about = extent / 5.0;
    let power = 10.0_f64.powf(about.log10().floor());
    let length = [5.0, 2.0, 1.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&length| length <= about)
        .unwrap_or(power);
    let end = MARGIN + scale * length;
    svg.line([MARGIN, y], [end, y], SCALE_BAR);
    let label = format!("{length} nm");
    svg.text(
        [end + 0.3 * text_width("n", 13.0) + 4.0, y + 4.5],
        text(Anchor::Start, 13.0, INK, "normal"),
        &label,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> HexagonMap {
        HexagonMap {
            title: "four cells".to_owned(),
            label: "height [layers]".to_owned(),
            distance: 0.5,
            cells: vec![
                ([0.0, 0.0], 3),
                ([0.5, 0.0], 4),
                ([1.0, 0.0], 4),
                ([0.25, 0.433], 5),
            ],
            path: vec![[0.0, 0.0], [0.5, 0.0]],
            disc: Some(([0.5, 0.0], 0.4)),
        }
    }

    #[test]
    fn every_level_has_one_path_and_one_entry() {
        let svg = map().svg();
        for (level, hexagons) in [(3, 1), (4, 2), (5, 1)] {
            assert!(svg.contains(&format!(">{level}</text>")), "{svg}");
            let paths = svg.lines().filter(|line| line.starts_with("<path d"));
            let with = paths.filter(|line| line.matches('Z').count() == hexagons);
            assert!(with.count() >= 1);
        }
        // The lowest level is dark, the highest light.
        assert!(svg.contains("#102c54") && svg.contains("#e2ecf6"));
        assert_eq!(svg, map().svg());
    }

    #[test]
    fn a_map_of_nothing_is_a_document() {
        let mut map = map();
        map.cells.clear();
        map.path.clear();
        map.disc = None;
        assert!(map.svg().ends_with("</svg>\n"));
    }

    #[test]
    fn scale_bars_have_round_lengths() {
        assert!(map().svg().contains("0.2 nm"));
    }
}
