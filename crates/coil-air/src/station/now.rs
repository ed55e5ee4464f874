//! A board's ESP-NOW, and the channel that its one radio is on.

use super::{Station, Way};
use crate::ether::{self, NowFrame, NowKeys, NowSent};
use crate::frame::Mac;
use crate::radio::Tuning;

impl Station {
    /// Switches the station interface on or off: whether what is sent to its address is heard.
    pub fn set_interface(&mut self, on: bool) {
        self.interface_is_on = on;
        if on {
            self.air.ether.enter(self.port.mac, &self.seat, self.radio.speech);
        } else {
            self.air.ether.leave(self.port.mac, &self.seat);
            self.leave_groups(Way::Station);
        }
        self.tune();
    }

    /// The channel for when neither a link nor an access point decides.
    pub fn set_channel(&mut self, channel: u8) {
        self.channel = channel;
        self.tune();
    }

    /// The channel that the radio is on; the last one while it goes through all.
    pub fn channel(&self) -> u8 {
        match self.radio.tuning() {
            Tuning::Channel(channel) => channel,
            Tuning::Sweeping | Tuning::Free => {
                self.soft_ap.as_ref().map_or(self.channel, |soft_ap| soft_ap.channel)
            }
        }
    }

    /// Has the rest of the air know on which channel this radio is.
    pub(super) fn tune(&mut self) {
        let is_on = self.interface_is_on || self.soft_ap.is_some();
        let is_sweeping =
            self.radio.tuning() == Tuning::Sweeping || self.scanning_until_us.is_some();
        let is_deaf = self.asleep || !is_on || is_sweeping;
        let channel = self.channel();
        self.seat.tune(if is_deaf { 0 } else { channel });
        if let Some(soft_ap) = &mut self.soft_ap
            && soft_ap.channel != channel
        {
            soft_ap.channel = channel;
            self.air.access_points.move_to(&soft_ap.cell, channel);
            self.air.segment.wake_all();
        }
    }

    /// Takes messages of ESP-NOW from now on, or none any more.
    pub fn listen_now(&mut self, on: bool) {
        self.seat.listen(on);
    }

    /// Sends a message from one of the board's hardware addresses, at so many kilobits a second.
    pub fn send_now(
        &mut self,
        (from, to): (Mac, Mac),
        data: &[u8],
        keys: Option<NowKeys>,
        kbits: u32,
        now_us: u64,
    ) -> NowSent {
        let waver = i8::try_from(self.rng.between(0, 4)).unwrap_or(2) - 2;
        let rssi = self.air.config.board_rssi.saturating_add(waver);
        let frame = NowFrame { from, to, data: data.into(), keys, rssi, at_us: now_us };
        let shown = ether::shown(&frame);
        self.air.taps.each(|tap| tap(now_us, &shown));
        let loss_ppm = self.air.faults.loss_ppm();
        self.air.ether.send(&self.seat, frame, kbits, loss_ppm, &mut self.rng)
    }

    /// The next message that is there.
    pub fn next_now(&mut self, now_us: u64) -> Option<NowFrame> {
        self.seat.next(now_us)
    }
}
