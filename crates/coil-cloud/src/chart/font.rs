//! The font of charts: how wide a text is, and its outlines. It must not know where it is drawn.

use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// One weight of Noto Sans.
#[derive(Debug)]
pub(super) struct Font(Face<'static>);

impl Font {
    pub(super) fn regular() -> Self {
        Self::parse(notosans::REGULAR_TTF)
    }

    pub(super) fn bold() -> Self {
        Self::parse(notosans::BOLD_TTF)
    }

    fn parse(bytes: &'static [u8]) -> Self {
        Self(Face::parse(bytes, 0).expect("the font is a part of the program"))
    }

    /// Pixels that a text takes at a size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let scale = self.scale(size);
        self.glyphs(text).map(|glyph| self.advance(glyph) * scale).sum()
    }

    /// The longest start of a text that fits, with `…` where something is left out.
    pub(super) fn fit(&self, text: &str, size: f32, room: f32) -> String {
        if self.width(text, size) <= room {
            return text.to_owned();
        }
        let mut left = room - self.width("…", size);
        let scale = self.scale(size);
        let fitting = text.chars().take_while(|letter| {
            left -= self.advance(self.glyph(*letter)) * scale;
            left >= 0.0
        });
        let mut short: String = fitting.collect();
        short.truncate(short.trim_end().len());
        short + "…"
    }

    /// The outlines of a text whose base line begins at a point; `None` of nothing to be seen.
    pub(super) fn outlines(&self, text: &str, size: f32, (x, y): (f32, f32)) -> Option<Path> {
        let scale = self.scale(size);
        let mut pen = Pen { builder: PathBuilder::new(), at: 0.0 };
        for glyph in self.glyphs(text) {
            // A glyph without an outline is a space.
            let _ = self.0.outline_glyph(glyph, &mut pen);
            pen.at += self.advance(glyph);
        }
        // The font's axis points up.
        pen.builder.finish()?.transform(Transform::from_row(scale, 0.0, 0.0, -scale, x, y))
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em())
    }

    fn glyphs<'a>(&'a self, text: &'a str) -> impl Iterator<Item = GlyphId> + 'a {
        text.chars().map(|letter| self.glyph(letter))
    }

    /// A letter that the font has not is its empty box.
    fn glyph(&self, letter: char) -> GlyphId {
        self.0.glyph_index(letter).unwrap_or_default()
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        self.0.glyph_hor_advance(glyph).map_or(0.0, f32::from)
    }
}

/// Draws glyphs one after the other, in the font's units.
struct Pen {
    builder: PathBuilder,
    at: f32,
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.builder.move_to(self.at + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.builder.line_to(self.at + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.builder.quad_to(self.at + x1, y1, self.at + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.builder.cubic_to(self.at + x1, y1, self.at + x2, y2, self.at + x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}
