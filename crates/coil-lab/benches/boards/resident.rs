//! What a board that waits at its prompt keeps in memory.

use crate::bench::{Figure, Screen, at_prompt, resident_bytes, runner, spec, spec_on};
use coil_lab::FileFlash;

const BOARDS: usize = 64;

/// A board's share, its flash an image file. What it has touched of its Python heap is counted as
/// well, although the limit leaves it out: so the figure is an upper bound.
pub(crate) fn measure() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder for images");
    let mut runner = runner();
    // What the first board makes for all of them.
    let first = Screen::default();
    at_prompt(&mut runner, spec(&first), &first);
    let before = resident_bytes();
    for seat in 0..BOARDS {
        let screen = Screen::default();
        let image = folder.path().join(format!("{seat}.img"));
        let flash = FileFlash::open(&image, spec(&screen).device.flash_bytes).expect("an image");
        at_prompt(&mut runner, spec_on(&screen, Box::new(flash)), &screen);
    }
    let each = (resident_bytes() - before) / BOARDS as f64;
    vec![Figure {
        name: "an idle board's memory, its heap's touched pages included",
        value: each / 1024.0,
        unit: "KB",
        limit: Some(300.0),
    }]
}
