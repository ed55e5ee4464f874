//! The analogue side: two converters in, two out, touch pads, the thermometer inside.

/// GPIOs of the first converter, by channel.
pub const ADC1: [u8; 8] = [36, 37, 38, 39, 32, 33, 34, 35];
/// GPIOs of the second one, which WiFi needs for itself.
pub const ADC2: [u8; 10] = [4, 0, 2, 15, 13, 12, 14, 27, 25, 26];
/// GPIOs of the touch pads, by number.
pub const TOUCH_PADS: [u8; 10] = [4, 0, 2, 15, 13, 12, 14, 27, 33, 32];
/// GPIOs with an analogue output.
pub const DAC: [u8; 2] = [25, 26];
/// The widest attenuation, which a pin starts with.
pub const ATTEN_MAX: u8 = 3;
/// Bits of a conversion at most, which a converter starts with.
pub const BITS_MAX: u8 = 12;

/// What a pad reads that nobody touches.
const UNTOUCHED: u16 = 1000;
/// What the thermometer reads at room temperature, with the chip at work.
const WARM_FAHRENHEIT: u8 = 128;

/// A converter.
#[derive(Clone, Copy, Debug)]
pub struct Converter {
    /// Something has set it up.
    pub ready: bool,
    /// Bits of a conversion.
    pub bits: u8,
    /// Attenuation by channel.
    pub atten: [u8; 10],
}

impl Default for Converter {
    fn default() -> Self {
        Self { ready: false, bits: BITS_MAX, atten: [ATTEN_MAX; 10] }
    }
}

/// A touch pad.
#[derive(Clone, Copy, Debug)]
pub struct TouchPad {
    /// What it reads.
    pub value: u16,
    /// Less than this is a touch.
    pub threshold: u16,
    /// Something has set it up.
    pub ready: bool,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Analog {
    /// The two converters.
    pub converters: [Converter; 2],
    /// The touch pads.
    pub pads: [TouchPad; 10],
    /// Which outputs the driver has given out.
    pub outputs: [bool; 2],
    /// Degrees Fahrenheit.
    pub fahrenheit: u8,
}

impl Default for Analog {
    fn default() -> Self {
        Self {
            converters: [Converter::default(); 2],
            pads: [TouchPad { value: UNTOUCHED, threshold: 0, ready: false }; 10],
            outputs: [false; 2],
            fahrenheit: WARM_FAHRENHEIT,
        }
    }
}

/// The converter and the channel of a pin.
pub fn channel(gpio: usize) -> Option<(usize, usize)> {
    let find = |pins: &[u8]| pins.iter().position(|&p| usize::from(p) == gpio);
    find(&ADC1).map(|c| (0, c)).or_else(|| find(&ADC2).map(|c| (1, c)))
}

impl Analog {
    /// What a reset of the chip leaves: what is outside.
    pub(super) fn reset(&mut self) {
        let before = core::mem::take(self);
        self.fahrenheit = before.fahrenheit;
        for (pad, old) in self.pads.iter_mut().zip(before.pads) {
            pad.value = old.value;
        }
    }

    /// Somebody is nearer to a pad or further from it.
    pub(super) fn touch(&mut self, gpio: u8, value: u16) {
        if let Some(n) = TOUCH_PADS.iter().position(|&p| p == gpio) {
            self.pads[n].value = value;
        }
    }

    /// Whether a pad that was set up is touched.
    pub fn is_touched(&self) -> bool {
        self.pads.iter().any(|p| p.ready && p.value < p.threshold)
    }
}
