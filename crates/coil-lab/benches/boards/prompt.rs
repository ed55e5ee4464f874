//! From power on to the prompt, and from a soft reset to the prompt.

use crate::bench::{Figure, Screen, at_prompt, median, runner, spec};
use coil_board::outside::Stimulus;
use std::time::Instant;

const ROUNDS: usize = 31;

/// Both, in milliseconds, on a new flash.
pub(crate) fn measure() -> Vec<Figure> {
    let mut runner = runner();
    let (mut power_on, mut soft_reset) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let screen = Screen::default();
        let spec = spec(&screen);
        let start = Instant::now();
        let board = at_prompt(&mut runner, spec, &screen);
        power_on.push(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        board.send(b"\x04");
        screen.expect("soft reboot");
        screen.expect(">>> ");
        soft_reset.push(start.elapsed().as_secs_f64() * 1e3);
        board.stimulate(Stimulus::PowerOff);
        screen.expect("END");
    }
    vec![
        Figure {
            name: "power on to prompt",
            value: median(power_on),
            unit: "ms",
            limit: Some(5.0),
        },
        Figure {
            name: "soft reset to prompt",
            value: median(soft_reset),
            unit: "ms",
            limit: Some(1.0),
        },
    ]
}
