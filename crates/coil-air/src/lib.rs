//! The radio and the IP network that virtual boards join.
