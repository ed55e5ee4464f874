//! Where everything of a chart is: the title, the axes with their marks, the lines, the legend. It
//! must not know how a picture is made of it.

use super::axis::{self, Numbers, TimeMark};
use super::font::Font;
use super::scene::{Anchor, Colour, Scene, Shape, Text};
use super::{Chart, Series};

const INK: Colour = Colour(0x1f, 0x24, 0x33);
const FAINT: Colour = Colour(0x5a, 0x60, 0x72);
const GRID: Colour = Colour(0xe6, 0xe8, 0xee);
const FRAME: Colour = Colour(0xb4, 0xb9, 0xc6);
/// Colours of lines, to be told apart by all eyes as far as ten can be.
const COLOURS: [Colour; 10] = [
    Colour(0x1f, 0x6f, 0xd6),
    Colour(0xe0, 0x6c, 0x00),
    Colour(0x1a, 0x8a, 0x4a),
    Colour(0xc6, 0x28, 0x28),
    Colour(0x7b, 0x3f, 0xc4),
    Colour(0x00, 0x9a, 0xa8),
    Colour(0xd8, 0x1b, 0x82),
    Colour(0x8a, 0x6d, 0x00),
    Colour(0x5f, 0x63, 0x68),
    Colour(0x7c, 0xa8, 0x1f),
];

const EDGE: f32 = 16.0;
const TITLE: f32 = 16.0;
const SMALL: f32 = 12.0;
/// From one line of small text to the next.
const LEADING: f32 = 16.0;
const LEGEND: f32 = 13.0;
const LEGEND_ROW: f32 = 20.0;
/// The piece of a line in the legend, with the room after it.
const SAMPLE: f32 = 26.0;
/// Between two entries of the legend.
const GAP: f32 = 22.0;
/// Pixels between two marks, more or less.
const MARK_X: f32 = 95.0;
const MARK_Y: f32 = 45.0;
/// Where values are further apart than this, each has a dot.
const DOT_ROOM: f32 = 12.0;

/// The rectangle that the lines are in.
#[derive(Debug, Clone, Copy)]
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Plot {
    fn width(self) -> f32 {
        (self.right - self.left).max(1.0)
    }

    fn height(self) -> f32 {
        (self.bottom - self.top).max(1.0)
    }
}

/// The picture of a chart.
pub(super) fn scene(chart: &Chart, width: u32, height: u32) -> Scene {
    let mut page = Page {
        width: width as f32,
        height: height as f32,
        regular: Font::regular(),
        bold: Font::bold(),
        shapes: Vec::new(),
    };
    page.draw(chart);
    Scene { width, height, shapes: page.shapes }
}

/// A picture that is being filled.
struct Page {
    width: f32,
    height: f32,
    regular: Font,
    bold: Font,
    shapes: Vec<Shape>,
}

impl Page {
    fn draw(&mut self, chart: &Chart) {
        let mut top = EDGE;
        if !chart.title.is_empty() {
            let title = self.bold.fit(&chart.title, TITLE, self.width - 2.0 * EDGE);
            let at = (EDGE, EDGE + TITLE - 2.0);
            self.text(at, TITLE, true, Anchor::Start, INK, title);
            top += TITLE + 12.0;
        }
        if !chart.unit.is_empty() {
            let unit = self.regular.fit(&chart.unit, SMALL, self.width / 2.0);
            self.text((EDGE, top + SMALL - 4.0), SMALL, false, Anchor::Start, FAINT, unit);
            top += LEADING + 2.0;
        }
        let legend = self.legend_rows(chart);
        let legend_height = legend.len() as f32 * LEGEND_ROW + 8.0;
        let bottom = self.height - EDGE / 2.0 - legend_height - 2.0 * LEADING - 6.0;
        let Some((times, values)) = extent(&chart.series) else {
            let plot = Plot { left: EDGE, right: self.width - EDGE, top, bottom };
            self.nothing(plot);
            return self.legend(&legend, chart);
        };
        let steps = ((bottom - top) / MARK_Y).max(1.0) as usize;
        let numbers = Numbers::new(values.0, values.1, steps);
        let widest = numbers.marks.iter().map(|(_, text)| self.regular.width(text, SMALL));
        let left = EDGE + widest.fold(0.0, f32::max) + 8.0;
        let plot = Plot { left, right: self.width - EDGE - 4.0, top: top + 4.0, bottom };
        let marks = axis::times(times.0, times.1, (plot.width() / MARK_X) as usize);
        self.axes(plot, &numbers, times, &marks);
        for (index, series) in chart.series.iter().enumerate() {
            self.line_of(series, plot, &numbers, times, COLOURS[index % COLOURS.len()]);
        }
        self.legend(&legend, chart);
    }

    fn nothing(&mut self, plot: Plot) {
        // On whole pixels a thin line is sharp.
        let [left, right, top, bottom] =
            [plot.left, plot.right, plot.top, plot.bottom].map(|edge| edge.round() + 0.5);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        self.shapes.push(Shape::Line { points: corners.to_vec(), width: 1.0, colour: GRID });
        let middle = ((plot.left + plot.right) / 2.0, (plot.top + plot.bottom) / 2.0 + 5.0);
        self.text(middle, TITLE, false, Anchor::Middle, FAINT, "no values yet".to_owned());
    }

    fn axes(&mut self, plot: Plot, numbers: &Numbers, times: (i64, i64), marks: &[TimeMark]) {
        for (value, label) in &numbers.marks {
            let y = (plot.bottom - numbers.place(*value) as f32 * plot.height()).round() + 0.5;
            self.rule((plot.left, y), (plot.right, y), GRID);
            let at = (plot.left - 8.0, y + SMALL * 0.36);
            self.text(at, SMALL, false, Anchor::End, FAINT, label.clone());
        }
        let mut free = [f32::MIN; 2];
        for mark in marks {
            let x = (plot.left + place(mark.at, times) * plot.width()).round() + 0.5;
            self.rule((x, plot.top), (x, plot.bottom + 4.0), GRID);
            let lines = [Some(&mark.label), mark.context.as_ref()];
            for (row, text) in lines.into_iter().enumerate() {
                let Some(text) = text else { continue };
                let half = self.regular.width(text, SMALL) / 2.0;
                let middle = x.clamp(half + 4.0, (self.width - half - 4.0).max(half + 4.0));
                if middle - half < free[row] {
                    continue;
                }
                free[row] = middle + half + 8.0;
                let y = plot.bottom + 4.0 + LEADING * (row as f32 + 0.85);
                self.text((middle, y), SMALL, false, Anchor::Middle, FAINT, text.clone());
            }
        }
        let y = plot.bottom.round() + 0.5;
        self.rule((plot.left, y), (plot.right, y), FRAME);
    }

    fn line_of(
        &mut self,
        series: &Series,
        plot: Plot,
        numbers: &Numbers,
        times: (i64, i64),
        colour: Colour,
    ) {
        let points: Vec<(f32, f32)> = series
            .points
            .iter()
            .map(|(at, value)| {
                let x = plot.left + place(*at, times) * plot.width();
                (x, plot.bottom - numbers.place(*value) as f32 * plot.height())
            })
            .collect();
        let has_dots = points.len() as f32 * DOT_ROOM <= plot.width();
        let dots = points.iter().filter(|_| has_dots).copied().collect::<Vec<_>>();
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, width: 2.0, colour });
        }
        let radius = if dots.len() == 1 { 4.0 } else { 3.0 };
        self.shapes.extend(dots.into_iter().map(|at| Shape::Dot { at, radius, colour }));
    }

    /// The entries of the legend, as many rows as they take: number and text of each.
    fn legend_rows(&self, chart: &Chart) -> Vec<Vec<(usize, String)>> {
        let room = self.width - 2.0 * EDGE;
        // The lines need their room too.
        let most = ((self.height * 0.35 / LEGEND_ROW) as usize).max(1);
        let mut rows: Vec<Vec<(usize, String)>> = Vec::new();
        let mut free = 0.0;
        for (index, series) in chart.series.iter().enumerate() {
            let note = series.note.map(|note| format!(" – {note}")).unwrap_or_default();
            let whole = format!("{}{note}", series.label);
            let text = self.regular.fit(&whole, LEGEND, room - SAMPLE);
            let wide = SAMPLE + self.regular.width(&text, LEGEND) + GAP;
            if rows.is_empty() || wide - GAP > free {
                if rows.len() == most {
                    break;
                }
                rows.push(Vec::new());
                free = room;
            }
            free -= wide;
            if let Some(row) = rows.last_mut() {
                row.push((index, text));
            }
        }
        rows
    }

    fn legend(&mut self, rows: &[Vec<(usize, String)>], chart: &Chart) {
        let shown: usize = rows.iter().map(Vec::len).sum();
        let mut y = self.height - EDGE / 2.0 - rows.len() as f32 * LEGEND_ROW + LEGEND;
        for (index, row) in rows.iter().enumerate() {
            let mut x = EDGE;
            for (series, text) in row {
                let colour = COLOURS[series % COLOURS.len()];
                let points = vec![(x + 1.0, y - 4.5), (x + 17.0, y - 4.5)];
                self.shapes.push(Shape::Line { points, width: 3.0, colour });
                let wide = self.regular.width(text, LEGEND);
                self.text((x + SAMPLE, y), LEGEND, false, Anchor::Start, INK, text.clone());
                x += SAMPLE + wide + GAP;
            }
            if index + 1 == rows.len() && shown < chart.series.len() {
                let more = format!("+{} more", chart.series.len() - shown);
                let x = x.min(self.width - EDGE - self.regular.width(&more, LEGEND));
                self.text((x, y), LEGEND, false, Anchor::Start, FAINT, more);
            }
            y += LEGEND_ROW;
        }
    }

    fn rule(&mut self, from: (f32, f32), to: (f32, f32), colour: Colour) {
        self.shapes.push(Shape::Line { points: vec![from, to], width: 1.0, colour });
    }

    fn text(
        &mut self,
        at: (f32, f32),
        size: f32,
        is_bold: bool,
        anchor: Anchor,
        colour: Colour,
        text: String,
    ) {
        self.shapes.push(Shape::Text(Text { at, size, is_bold, anchor, colour, text }));
    }
}

/// From when to when, and from which value to which; `None` without any. Bounds of time are not
/// the same.
fn extent(series: &[Series]) -> Option<((i64, i64), (f64, f64))> {
    let points = || series.iter().flat_map(|series| series.points.iter());
    let start = points().map(|point| point.0).min()?;
    let end = points().map(|point| point.0).max()?;
    let low = points().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let high = points().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let times = if end.saturating_sub(start) < 1_000 {
        // One moment stands in the middle of a minute.
        (start.saturating_sub(30_000_000), end.saturating_add(30_000_000))
    } else {
        (start, end)
    };
    Some((times, (low, high)))
}

/// From 0 at the start to 1 at the end.
fn place(at: i64, (start, end): (i64, i64)) -> f32 {
    (at.saturating_sub(start) as f64 / end.saturating_sub(start).max(1) as f64) as f32
}
