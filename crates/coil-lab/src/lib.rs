//! A workshop: boards, radio, cloud and lessons in one process.
//!
//! Owns who runs when; must not know HTTP or terminals.

pub mod capture;
pub mod card_file;
pub mod catalog;
mod check;
pub mod circuits;
mod clock;
mod coroutine;
pub mod coverage;
mod ear;
pub mod events;
pub mod flash_file;
pub mod folder;
mod gateway;
pub mod image;
mod look;
mod names;
mod port;
mod radio;
pub mod recording;
pub mod runner;
mod strand;
pub mod stubs;
mod tls;
mod wires;

pub use card_file::FileCard;
pub use check::{SourceError, check};
pub use circuits::{Circuits, Wired};
pub use clock::{Clock, Pace, SPEEDS, STEP_MAX_US, Steer, SteerError, TimeIs};
pub use coverage::Coverage;
pub use events::Events;
pub use flash_file::FileFlash;
pub use folder::{BoardStatus, CloudStatus, Folder, FolderError, Status};
pub use gateway::Services;
pub use look::{Look, LookError, Looking};
pub use names::{Known, Names, names, names_of};
pub use runner::{BoardHandle, BoardSpec, Console, Observer, RewireError, Runner, Steering};
