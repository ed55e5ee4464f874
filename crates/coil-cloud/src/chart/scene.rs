//! What is on a picture, in pixels from its upper left corner. It must not know what it means.

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) u8, pub(super) u8, pub(super) u8);

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text; `y` is its base line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) at: (f32, f32),
    pub(super) size: f32,
    pub(super) is_bold: bool,
    pub(super) anchor: Anchor,
    pub(super) colour: Colour,
    pub(super) text: String,
}

/// One thing on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Line { points: Vec<(f32, f32)>, width: f32, colour: Colour },
    Dot { at: (f32, f32), radius: f32, colour: Colour },
    Text(Text),
}

/// A picture, drawn from the first shape to the last on white.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) shapes: Vec<Shape>,
}
