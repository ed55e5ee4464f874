//! Tests of MicroPython programs without hardware: scenarios and unittest files, each on a board of its
//! own in virtual time; what is expected of them, and how that is reported.
//!
//! Owns the forms of scenario files, of reports and of the protocol that other programs test boards by;
//! must not know terminals.

mod board;
mod check;
pub mod control;

mod coverage;
mod error;
mod files;
mod find;
mod http;
pub mod junit;
mod report;
mod run;
mod scenario;
mod service;
mod summary;
mod unit;

pub use coverage::{CoverageReport, FileCoverage};
pub use error::TestError;
pub use find::{Found, find};
pub use report::{FileReport, TestReport, Verdict};
pub use run::{Options, list, run};
pub use scenario::Scenario;
pub use summary::{one_file, summary};
