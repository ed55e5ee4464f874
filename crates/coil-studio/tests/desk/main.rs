//! The desk: sessions with virtual boards, and what the page's server makes of them.

mod circuits;
mod files;
mod lab;
mod link;
mod programs;
mod session;
mod support;
