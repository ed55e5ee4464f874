//! What is connected to a board: parts, the wires between them, and what they do to its pins.
//!
//! A [`Plan`] is what `circuit.toml` says; a [`Circuit`] is that plan with power, and the [`Wires`] of a
//! board. It knows voltages, not Python; everything in it happens in the board's time and from its seed
//! alone, so that the same program and the same deeds give the same circuit every time.
//!
//! [`Wires`]: coil_board::outside::Wires

#![no_std]

extern crate alloc;

mod circuit;
mod deed;
mod described;
mod duration;
mod part;
pub mod parts;
mod picture;
mod plan;
mod random;
mod solve;
mod stimulus;
mod value;

pub use circuit::{Circuit, Fault, Note};
pub use deed::{Deed, DeedError};
pub use described::Described;
pub use duration::{Duration, DurationError};
pub use part::{
    Context, Element, Kind, Part, Pin, Rail, Role, Setting, Settings, Sort, Source, Square,
};
pub use picture::Picture;
pub use plan::{Draft, Drawing, Drawn, EndNames, FILE_MAX, Plan, PlanError};
pub use random::Random;
pub use stimulus::{Step, Stimuli, StimulusError};
pub use value::Value;
