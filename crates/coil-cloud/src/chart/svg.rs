//! A scene as SVG. Everything from outside is escaped.

use super::font::Font;
use super::scene::{Anchor, Colour, Scene, Shape, Text};
use crate::page::escape_xml;

/// The picture as a document; `title` is for who does not see it.
pub(super) fn write(scene: &Scene, title: &str) -> String {
    let Scene { width, height, shapes } = scene;
    let fonts = (Font::regular(), Font::bold());
    let shapes: String = shapes.iter().map(|one| shape(one, &fonts)).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" \
         font-family=\"'Noto Sans', system-ui, sans-serif\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{shapes}</svg>\n",
        escape_xml(title)
    )
}

fn shape(shape: &Shape, (regular, bold): &(Font, Font)) -> String {
    match shape {
        Shape::Line { points, width, colour } => {
            let mut path = String::new();
            for (index, (x, y)) in points.iter().enumerate() {
                path.push(if index == 0 { 'M' } else { 'L' });
                path.push_str(&format!("{} {}", short(*x), short(*y)));
            }
            format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" \
                 stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n",
                hex(*colour),
                short(*width)
            )
        }
        Shape::Dot { at: (x, y), radius, colour } => format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n",
            short(*x),
            short(*y),
            short(*radius),
            hex(*colour)
        ),
        Shape::Text(text) => text_element(text, if text.is_bold { bold } else { regular }),
    }
}

/// A text of the width that it has in our font, whichever the viewer has.
fn text_element(text: &Text, font: &Font) -> String {
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" textLength=\"{}\" \
         lengthAdjust=\"spacingAndGlyphs\"{}{anchor} fill=\"{}\">{}</text>\n",
        short(text.at.0),
        short(text.at.1),
        short(text.size),
        short(font.width(&text.text, text.size)),
        if text.is_bold { " font-weight=\"bold\"" } else { "" },
        hex(text.colour),
        escape_xml(&text.text)
    )
}

/// A number with as many digits as can be seen.
fn short(number: f32) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
