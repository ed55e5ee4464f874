//! The gateway of an air in the time of the boards, on their thread: a lab whose network needs no
//! services of the host, and in virtual time is the same in every run.

use coil_air::{Air, ServiceStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What answers the boards' connections to named hosts, on their thread and in their time. Must not
/// block.
pub trait Services: Send {
    /// Takes new connections over and does what there is to do for all of them at this moment, in
    /// microseconds of the lab's clock. Called whenever something arrives.
    fn serve(&mut self, now_us: u64, new: Vec<ServiceStream>);
}

/// An air's gateway and its bell.
pub(crate) struct Gateway {
    air: Air,
    services: Option<Box<dyn Services>>,
    rung: Arc<AtomicBool>,
}

impl Gateway {
    /// Takes the air's waker.
    pub(crate) fn new(air: Air, services: Option<Box<dyn Services>>) -> Self {
        let rung = Arc::new(AtomicBool::new(true));
        let bell = rung.clone();
        air.set_waker(Some(Arc::new(move || bell.store(true, Ordering::Release))));
        Self { air, services, rung }
    }

    /// Does what there is to do at this moment of the lab.
    pub(crate) fn poll(&mut self, now_us: u64) {
        let rung = self.rung.swap(false, Ordering::AcqRel);
        if rung || self.air.next_deadline().is_some_and(|t| t <= now_us) {
            self.air.poll(now_us);
            if let Some(services) = &mut self.services {
                let new = std::iter::from_fn(|| self.air.accept_service()).collect();
                services.serve(now_us, new);
            }
        }
    }

    /// When it has something to do; zero for at once.
    pub(crate) fn due_us(&self) -> Option<u64> {
        if self.rung.load(Ordering::Acquire) { Some(0) } else { self.air.next_deadline() }
    }
}
