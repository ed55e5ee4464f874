//! The memory of the chip that is not Python's: WiFi, sockets and TLS live there.
//!
//! Only what programs run into is counted: the buffers of TLS sessions.

/// How much of it is free.
#[derive(Clone, Copy, Debug)]
pub struct IdfHeap {
    size: u32,
    used: u32,
    lowest: u32,
}

impl IdfHeap {
    /// This many bytes, all free.
    pub const fn new(size: u32) -> Self {
        Self { size, used: 0, lowest: size }
    }

    /// Its size.
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// Bytes that are free.
    pub const fn free(&self) -> u32 {
        self.size - self.used
    }

    /// The fewest that were ever free.
    pub const fn lowest(&self) -> u32 {
        self.lowest
    }

    /// Takes memory, if there is enough.
    pub fn take(&mut self, bytes: u32) -> bool {
        if bytes > self.free() {
            return false;
        }
        self.used += bytes;
        self.lowest = self.lowest.min(self.free());
        true
    }

    /// Gives memory back.
    pub fn give(&mut self, bytes: u32) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Everything is given back.
    pub fn clear(&mut self) {
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_and_what_is_given_back_can_be_taken_again() {
        let mut heap = IdfHeap::new(100);
        assert!(heap.take(60));
        assert!(!heap.take(60));
        heap.give(60);
        assert!(heap.take(60));
        assert_eq!((heap.free(), heap.lowest()), (40, 40));
    }
}
