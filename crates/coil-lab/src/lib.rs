//! A workshop: boards, radio, cloud and lessons in one process.
