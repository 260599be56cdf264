//! Plots against time: panels above each other that share one time axis.
//!
//! Written for print as well as for the screen: lines differ in lightness and not only in colour, marks
//! carry their texts above the panels where they hide no data, and texts never overlap.

mod axis;
mod curve;
mod field;
mod hexagons;
mod levels;
mod paths;

use crate::svg::{Anchor, Stroke, Svg, TextStyle, text_width};
use axis::Axis;

pub use curve::{Annotation, Curve};
pub use field::{Contour, FieldMap, MapShape};
pub use hexagons::HexagonMap;
pub use levels::{LevelDiagram, StateLevel};
pub use paths::{PathMap, PathView};

const WIDTH: f64 = 800.0;
/// Space left of the data area; more if a label of a vertical axis needs it.
const LEFT: f64 = 74.0;
/// From the data area to the labels of the vertical axis, and from these to the edge.
const LABEL_SPACE: f64 = 9.0;
const EDGE: f64 = 6.0;
const RIGHT: f64 = 26.0;
/// Height of the data area of a panel, and of the header above it.
const PANEL: f64 = 165.0;
const HEADER: f64 = 34.0;
const TITLE: f64 = 40.0;
const MARK_ROW: f64 = 20.0;
const MARK_SPACE: f64 = 6.0;
const FOOTER: f64 = 52.0;
/// Size of the numbers at the vertical axis, and about how many there are.
const LABEL_SIZE: f64 = 13.0;
const TICKS: f64 = 5.0;

const INK: &str = "#1a1a1a";
const GREY: &str = "#5f5f5f";

/// Strokes of the first, second, ... line of a panel. They differ in lightness, which greyscale
/// keeps; dashes come last, since they make noise look worse.
const STROKES: [Stroke; 6] = [
    Stroke {
        colour: "#0b3c6f",
        width: 1.8,
        dash: "",
    },
    Stroke {
        colour: "#e08a3c",
        width: 1.8,
        dash: "",
    },
    Stroke {
        colour: "#2e8b57",
        width: 1.8,
        dash: "1.5 4",
    },
    Stroke {
        colour: "#8a8a8a",
        width: 1.8,
        dash: "9 3 2 3",
    },
    Stroke {
        colour: "#7a3b8f",
        width: 1.8,
        dash: "",
    },
    Stroke {
        colour: "#5bb5d6",
        width: 1.8,
        dash: "",
    },
];
const GRID: Stroke = Stroke {
    colour: "#e3e3e3",
    width: 1.0,
    dash: "",
};
const ZERO: Stroke = Stroke {
    colour: "#9a9a9a",
    width: 1.2,
    dash: "",
};
const FRAME: Stroke = Stroke {
    colour: INK,
    width: 1.2,
    dash: "",
};
const MARK: Stroke = Stroke {
    colour: "#3f3f3f",
    width: 1.1,
    dash: "4 3",
};

const fn text(anchor: Anchor, size: f64, colour: &'static str, weight: &'static str) -> TextStyle {
    TextStyle {
        anchor,
        size,
        colour,
        weight,
    }
}

/// A line of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it shows; written into the panel's header if the panel has several lines.
    pub label: String,
    /// Time and value of each point, in the order of time; a value that is not finite leaves a gap.
    pub points: Vec<[f64; 2]>,
}

/// One plot of the column.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What is plotted, with its unit: `gap [Å]`.
    pub label: String,
    /// At most six lines.
    pub lines: Vec<Line>,
    /// Values that the axis shows whatever the data: `Some(0.0)` for counts.
    pub include: Option<f64>,
}

/// An event, drawn as a vertical line through all panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub time: f64,
    /// What happened.
    pub label: String,
}

/// Panels above each other with a common time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Title of the whole.
    pub title: String,
    /// What the time axis shows, with its unit: `time [ps]`.
    pub time_label: String,
    /// The panels, from the top.
    pub panels: Vec<Panel>,
    /// The events.
    pub marks: Vec<Mark>,
}

impl Figure {
    /// The figure as an SVG document, 800 pixels wide; the same data give the same bytes.
    pub fn svg(&self) -> String {
        let widest = self.panels.iter().map(Panel::label_width);
        let left = widest.fold(LEFT, |left, width| left.max(EDGE + width + LABEL_SPACE));
        let time = Axis::new(self.time_range(), [left, WIDTH - RIGHT]);
        let marks = self.placed_marks(&time);
        let rows = marks.iter().map(|(_, row)| row + 1).max().unwrap_or(0);
        let top = TITLE + MARK_ROW * rows as f64;
        let bottom = top + self.panels.len() as f64 * (HEADER + PANEL);
        let mut svg = Svg::new([WIDTH, bottom + FOOTER]);
        let title = text(Anchor::Start, 17.0, INK, "bold");
        svg.text([left, 27.0], title, &self.title);
        for (k, panel) in self.panels.iter().enumerate() {
            let header = top + k as f64 * (HEADER + PANEL);
            panel.draw(&mut svg, &time, header);
        }
        Self::draw_marks(&mut svg, &time, &marks, top, bottom);
        for (k, panel) in self.panels.iter().enumerate() {
            panel.draw_header(&mut svg, left, top + k as f64 * (HEADER + PANEL));
        }
        for (value, label) in time.ticks(8.0) {
            let x = time.pixel(value);
            svg.line([x, bottom], [x, bottom + 5.0], FRAME);
            svg.text(
                [x, bottom + 20.0],
                text(Anchor::Middle, 13.0, INK, "normal"),
                &label,
            );
        }
        let middle = 0.5 * (left + WIDTH - RIGHT);
        let label = text(Anchor::Middle, 14.0, INK, "normal");
        svg.text([middle, bottom + 42.0], label, &self.time_label);
        svg.finish(&self.title)
    }

    fn time_range(&self) -> [f64; 2] {
        let lines = self.panels.iter().flat_map(|panel| &panel.lines);
        let times = lines.flat_map(|line| line.points.iter().map(|point| point[0]));
        range(times).unwrap_or([0.0, 1.0])
    }

    /// The marks within the time axis, the latest first, each with the row of its text, counted
    /// from the panels upwards, so that no texts overlap.
    ///
    /// Texts stand right of their lines: an earlier one gives way upwards, and its line then passes
    /// left of the later text.
    fn placed_marks(&self, time: &Axis) -> Vec<(&Mark, usize)> {
        let mut marks: Vec<&Mark> = self.marks.iter().filter(|m| time.holds(m.time)).collect();
        marks.sort_by(|a, b| b.time.total_cmp(&a.time));
        let mut rows: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut placed = Vec::new();
        for mark in marks {
            let [start, end] = mark_span(mark, time);
            let free = |row: &Vec<[f64; 2]>| row.iter().all(|s| end < s[0] || s[1] < start);
            let row = rows.iter().position(free).unwrap_or(rows.len());
            if row == rows.len() {
                rows.push(Vec::new());
            }
            rows[row].push([start, end]);
            placed.push((mark, row));
        }
        placed
    }

    fn draw_marks(svg: &mut Svg, time: &Axis, placed: &[(&Mark, usize)], top: f64, bottom: f64) {
        for (mark, row) in placed {
            let x = time.pixel(mark.time);
            svg.line([x, top - MARK_ROW * (row + 1) as f64], [x, bottom], MARK);
        }
        for (mark, row) in placed {
            let y = top - MARK_ROW * (row + 1) as f64;
            let [start, end] = mark_span(mark, time);
            let line = time.pixel(mark.time);
            // On white, in case the line of another mark passes behind.
            let inner = [start + MARK_SPACE, y + 1.0];
            let size = [end - start - 2.0 * MARK_SPACE, MARK_ROW - 3.0];
            svg.rectangle(inner, size, "#ffffff");
            let (anchor, x) = if start < line {
                (Anchor::End, end - MARK_SPACE)
            } else {
                (Anchor::Start, start + MARK_SPACE)
            };
            svg.text(
                [x, y + 14.0],
                text(anchor, 13.0, INK, "normal"),
                &mark.label,
            );
        }
    }
}

/// The pixels that the text of a mark takes, with a little space at both ends: right of its line,
/// or left of it where the figure ends.
fn mark_span(mark: &Mark, time: &Axis) -> [f64; 2] {
    let x = time.pixel(mark.time);
    let width = text_width(&mark.label, 13.0) + 2.0 * MARK_SPACE;
    if x + width > WIDTH {
        [x - width, x]
    } else {
        [x, x + width]
    }
}

impl Panel {
    /// Least and greatest value that the vertical axis has to hold.
    fn values(&self) -> Option<[f64; 2]> {
        let values = self.lines.iter().flat_map(|line| &line.points);
        let values = values.filter(|p| p[0].is_finite()).map(|point| point[1]);
        range(values.chain(self.include))
    }

    fn axis(&self, bottom: f64, top: f64) -> Axis {
        Axis::new(self.values().unwrap_or([0.0, 1.0]), [bottom, top]).padded()
    }

    /// Pixels that the widest label of the vertical axis takes.
    fn label_width(&self) -> f64 {
        let ticks = self.axis(PANEL, 0.0).ticks(TICKS);
        let widths = ticks.iter().map(|(_, label)| text_width(label, LABEL_SIZE));
        widths.fold(0.0, f64::max)
    }

    fn draw(&self, svg: &mut Svg, time: &Axis, header: f64) {
        let (top, bottom) = (header + HEADER, header + HEADER + PANEL);
        let left = time.start();
        let axis = self.axis(bottom, top);
        for (value, _) in time.ticks(8.0) {
            let x = time.pixel(value);
            svg.line([x, top], [x, bottom], GRID);
        }
        for (value, label) in axis.ticks(TICKS) {
            let y = axis.pixel(value);
            let stroke = if value == 0.0 { ZERO } else { GRID };
            svg.line([left, y], [WIDTH - RIGHT, y], stroke);
            svg.line([left - 5.0, y], [left, y], FRAME);
            let style = text(Anchor::End, LABEL_SIZE, INK, "normal");
            svg.text([left - LABEL_SPACE, y + 4.5], style, &label);
        }
        for (line, stroke) in self.lines.iter().zip(STROKES) {
            svg.path(&parts(&line.points, time, &axis), stroke);
        }
        svg.line([left, top], [left, bottom], FRAME);
        svg.line([left, bottom], [WIDTH - RIGHT, bottom], FRAME);
        if self.values().is_none() {
            let middle = [0.5 * (left + WIDTH - RIGHT), 0.5 * (top + bottom)];
            svg.text(
                middle,
                text(Anchor::Middle, 14.0, GREY, "normal"),
                "no data",
            );
        }
    }

    /// The label, and the lines' labels if there are several, on white: marks pass behind.
    fn draw_header(&self, svg: &mut Svg, left: f64, header: f64) {
        let y = header + HEADER - 10.0;
        svg.rectangle(
            [left - 2.0, y - 14.0],
            [text_width(&self.label, 14.0), 19.0],
            "#ffffff",
        );
        svg.text(
            [left, y],
            text(Anchor::Start, 14.0, INK, "bold"),
            &self.label,
        );
        if self.lines.len() > 1 {
            self.draw_legend(svg, y);
        }
    }

    /// The lines' labels at the right end of the header, the first line leftmost.
    fn draw_legend(&self, svg: &mut Svg, y: f64) {
        const SAMPLE: f64 = 28.0;
        const SPACE: f64 = 7.0;
        let width = |line: &Line| SAMPLE + 3.0 * SPACE + text_width(&line.label, 13.0);
        let total: f64 = self.lines.iter().map(width).sum();
        let mut x = WIDTH - RIGHT - total;
        svg.rectangle([x - SPACE, y - 14.0], [total + SPACE, 19.0], "#ffffff");
        for (line, stroke) in self.lines.iter().zip(STROKES) {
            svg.line([x, y - 4.5], [x + SAMPLE, y - 4.5], stroke);
            let style = text(Anchor::Start, 13.0, INK, "normal");
            svg.text([x + SAMPLE + SPACE, y], style, &line.label);
            x += width(line);
        }
    }
}

/// Least and greatest of the finite values.
fn range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values
        .filter(|value| value.is_finite())
        .fold(None, |range, value| {
            let [low, high] = range.unwrap_or([value, value]);
            Some([low.min(value), high.max(value)])
        })
}

/// Points in pixels, cut where values are missing; of the many points within half a pixel column
/// only the first, the least, the greatest and the last are kept, which look the same.
fn parts(points: &[[f64; 2]], time: &Axis, axis: &Axis) -> Vec<Vec<[f64; 2]>> {
    let mut parts = Vec::new();
    for run in points.split(|point| !point.iter().all(|x| x.is_finite())) {
        let run: Vec<[f64; 2]> = run
            .iter()
            .map(|point| [time.pixel(point[0]), axis.pixel(point[1])])
            .collect();
        let column = |point: &[f64; 2]| (2.0 * point[0]).floor();
        let mut part = Vec::new();
        for same in run.chunk_by(|a, b| column(a) == column(b)) {
            let height = |&a: &usize, &b: &usize| same[a][1].total_cmp(&same[b][1]);
            let last = same.len() - 1;
            let lowest = (0..=last).min_by(height).unwrap_or(0);
            let highest = (0..=last).max_by(height).unwrap_or(0);
            let mut kept = vec![0, lowest, highest, last];
            kept.sort_unstable();
            kept.dedup();
            part.extend(kept.into_iter().map(|k| same[k]));
        }
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(points: Vec<[f64; 2]>) -> Figure {
        Figure {
            title: "a < b".to_owned(),
            time_label: "time [ps]".to_owned(),
            panels: vec![Panel {
                label: "gap [Å]".to_owned(),
                lines: vec![Line {
                    label: "gap".to_owned(),
                    points,
                }],
                include: None,
            }],
            marks: vec![Mark {
                time: 1.0,
                label: "first contact".to_owned(),
            }],
        }
    }

    #[test]
    fn strange_data_make_a_figure_still() {
        for points in [
            vec![],
            vec![[0.0, f64::NAN]],
            vec![[1.0, 2.0]],
            vec![[0.0, 1.0], [1.0, f64::INFINITY], [2.0, 1.0]],
        ] {
            let svg = figure(points).svg();
            assert!(svg.contains("<title>a &lt; b</title>"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        assert!(figure(Vec::new()).svg().contains("no data"));
    }

    #[test]
    fn long_numbers_fit_left_of_the_axis() {
        let energies = vec![[0.0, -20_476.15], [1.0, -20_476.55]];
        let svg = figure(energies).svg();
        let label = "\u{2212}20\u{2009}476.2";
        let before = svg.split(label).next().unwrap();
        let place = before.rsplit("x=\"").next().unwrap();
        let x: f64 = place.split('"').next().unwrap().parse().unwrap();
        assert!(x - text_width(label, LABEL_SIZE) >= 0.0, "{x}");
    }

    #[test]
    fn many_points_are_thinned_but_peaks_stay() {
        let mut points: Vec<[f64; 2]> = (0..1_000_000)
            .map(|k| [f64::from(k), f64::from(k % 7)])
            .collect();
        points[543_210][1] = 100.0;
        let time = Axis::new([0.0, 1e6], [0.0, 700.0]);
        let axis = Axis::new([0.0, 100.0], [100.0, 0.0]);
        let parts = parts(&points, &time, &axis);
        assert_eq!(parts.len(), 1);
        assert!(parts[0].len() <= 4 * 1401);
        assert!(parts[0].iter().any(|point| point[1] == 0.0));
    }

    #[test]
    fn texts_of_marks_do_not_overlap() {
        let mut crowded = figure(vec![[0.0, 1.0], [100.0, 2.0]]);
        for (time, label) in [
            (2.0, "sustained neck"),
            (98.0, "a long text at the end"),
            (99.0, "x"),
        ] {
            crowded.marks.push(Mark {
                time,
                label: label.to_owned(),
            });
        }
        let time = Axis::new([0.0, 100.0], [LEFT, WIDTH - RIGHT]);
        let placed = crowded.placed_marks(&time);
        assert_eq!(placed.len(), 4);
        for (k, (mark, row)) in placed.iter().enumerate() {
            let [start, end] = mark_span(mark, &time);
            assert!(start >= 0.0 && end <= WIDTH);
            for (other, _) in placed[..k].iter().filter(|(_, other)| other == row) {
                let [from, to] = mark_span(other, &time);
                assert!(to < start || end < from, "{} {}", mark.label, other.label);
            }
        }
    }
}
