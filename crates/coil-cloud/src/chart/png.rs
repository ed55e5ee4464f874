//! A scene as pixels.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Stroke, Transform,
};

use super::font::Font;
use super::scene::{Anchor, Colour, Scene, Shape, Text};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[error("a picture of {width} by {height} pixels could not be made")]
pub(crate) struct DrawError {
    width: u32,
    height: u32,
}

/// The picture as a PNG file.
pub(super) fn draw(scene: &Scene) -> Result<Vec<u8>, DrawError> {
    let failed = || DrawError { width: scene.width, height: scene.height };
    let mut pixels = Pixmap::new(scene.width, scene.height).ok_or_else(failed)?;
    pixels.fill(Color::WHITE);
    let (regular, bold) = (Font::regular(), Font::bold());
    for shape in &scene.shapes {
        match shape {
            Shape::Line { points, width, colour } => line(&mut pixels, points, *width, *colour),
            Shape::Dot { at: (x, y), radius, colour } => {
                let circle = PathBuilder::from_circle(*x, *y, *radius);
                if let Some(circle) = circle {
                    fill(&mut pixels, &circle, *colour);
                }
            }
            Shape::Text(text) => {
                let font = if text.is_bold { &bold } else { &regular };
                if let Some(outlines) = font.outlines(&text.text, text.size, start(text, font)) {
                    fill(&mut pixels, &outlines, text.colour);
                }
            }
        }
    }
    pixels.encode_png().map_err(|_| failed())
}

fn start(text: &Text, font: &Font) -> (f32, f32) {
    let (x, y) = text.at;
    let width = font.width(&text.text, text.size);
    match text.anchor {
        Anchor::Start => (x, y),
        Anchor::Middle => (x - width / 2.0, y),
        Anchor::End => (x - width, y),
    }
}

fn line(pixels: &mut Pixmap, points: &[(f32, f32)], width: f32, colour: Colour) {
    let mut path = PathBuilder::new();
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(*x, *y);
        } else {
            path.line_to(*x, *y);
        }
    }
    let Some(path) = path.finish() else { return };
    let stroke =
        Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    pixels.stroke_path(&path, &paint(colour), &stroke, Transform::identity(), None);
}

fn fill(pixels: &mut Pixmap, path: &tiny_skia::Path, colour: Colour) {
    pixels.fill_path(path, &paint(colour), FillRule::Winding, Transform::identity(), None);
}

fn paint(Colour(red, green, blue): Colour) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}
