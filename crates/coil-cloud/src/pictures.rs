//! Pictures that were drawn, for who asks again, and how many are drawn at a time. It must not know
//! what is on them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

/// A picture as a file.
pub(crate) type Picture = Bytes;

/// Bytes of all pictures that are kept.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// Pictures that are drawn at a time; the largest takes 16 MB while it is.
const AT_A_TIME: usize = 4;

/// The newest pictures, by what they depend on.
#[derive(Debug)]
pub(crate) struct Pictures {
    kept: Mutex<VecDeque<(String, Picture)>>,
    places: Semaphore,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { kept: Mutex::default(), places: Semaphore::new(AT_A_TIME) }
    }
}

impl Pictures {
    /// The picture with this tag.
    pub(crate) fn get(&self, tag: &str) -> Option<Picture> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == tag).map(|(_, picture)| picture.clone())
    }

    /// Keeps a picture, and forgets the oldest ones beyond the bound.
    pub(crate) fn keep(&self, tag: &str, bytes: Vec<u8>) -> Picture {
        let picture = Picture::from(bytes);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known != tag);
        kept.push_back((tag.to_owned(), picture.clone()));
        let mut bytes: usize = kept.iter().map(|(_, picture)| picture.len()).sum();
        while bytes > KEPT_BYTES {
            bytes -= kept.pop_front().map_or(bytes, |(_, picture)| picture.len());
        }
        picture
    }

    /// Waits for a place to draw at.
    pub(crate) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.places.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_BYTES, Pictures};

    #[test]
    fn the_newest_pictures_are_kept_within_a_bound() {
        let pictures = Pictures::default();
        for tag in ["a", "b", "c"] {
            pictures.keep(tag, vec![0; KEPT_BYTES / 2]);
        }
        let kept = ["a", "b", "c"].map(|tag| pictures.get(tag).is_some());
        assert_eq!(kept, [false, true, true]);
        pictures.keep("large", vec![0; KEPT_BYTES + 1]);
        assert!(pictures.get("c").is_none() && pictures.get("large").is_none());
    }
}
