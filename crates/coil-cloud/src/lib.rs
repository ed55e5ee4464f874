//! The services that workshop boards talk to, and their storage.
