//! What a chart looks like: lines of values over time, with axes and a legend, as SVG and as PNG. Both
//! are drawn from one scene, with a font that is part of the program. It must not know where values
//! come from.

mod axis;
mod font;
mod layout;
mod png;
mod scene;
mod svg;

pub(crate) use png::DrawError;

/// How long the sides of a picture can be, in pixels.
pub(crate) const SIDES: std::ops::RangeInclusive<u32> = 200..=2000;

/// The values of one stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Series {
    /// What the legend calls it.
    pub(crate) label: String,
    /// Why there is no line, if there is none.
    pub(crate) note: Option<&'static str>,
    /// Microseconds since 1970 and finite values, in the order of time.
    pub(crate) points: Vec<(i64, f64)>,
}

/// A chart that can be drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chart {
    pub(crate) title: String,
    /// What all values are measured in, if it is the same for all.
    pub(crate) unit: String,
    pub(crate) series: Vec<Series>,
}

impl Chart {
    /// The picture as text. Sides are in pixels and within [`SIDES`].
    pub(crate) fn svg(&self, width: u32, height: u32) -> String {
        svg::write(&layout::scene(self, width, height), &self.title)
    }

    /// The same picture as pixels.
    ///
    /// # Errors
    /// There is no memory for so many.
    pub(crate) fn png(&self, width: u32, height: u32) -> Result<Vec<u8>, DrawError> {
        png::draw(&layout::scene(self, width, height))
    }
}

#[cfg(test)]
mod tests;
