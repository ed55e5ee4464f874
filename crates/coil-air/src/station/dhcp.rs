//! The board's DHCP client: smoltcp's, held back as long as the chip takes to check the address before it uses it.

use crate::config::IpConfig;
use crate::stack::Stack;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::dhcpv4;
use smoltcp::time::Duration;
use std::net::Ipv4Addr;

#[derive(Debug)]
pub(super) struct DhcpClient {
    handle: SocketHandle,
    ready_us: u64,
    pending: Option<IpConfig>,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    Address(IpConfig),
    Lost,
}

impl DhcpClient {
    pub(super) fn start(stack: &mut Stack, ready_us: u64) -> Self {
        let mut socket = dhcpv4::Socket::new();
        let mut retry = socket.get_retry_config();
        retry.discover_timeout = Duration::from_secs(2);
        retry.initial_request_timeout = Duration::from_secs(2);
        socket.set_retry_config(retry);
        // The first event says that there is no address yet; that is known.
        let _ = socket.poll();
        Self { handle: stack.sockets.add(socket), ready_us, pending: None }
    }

    pub(super) fn stop(self, stack: &mut Stack) {
        stack.remove(self.handle);
    }

    /// When an address that was granted comes into use.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.pending.map(|_| self.ready_us)
    }

    pub(super) fn poll(
        &mut self,
        stack: &mut Stack,
        now_us: u64,
        default_dns: Ipv4Addr,
    ) -> Option<Outcome> {
        match stack.sockets.get_mut::<dhcpv4::Socket<'_>>(self.handle).poll() {
            Some(dhcpv4::Event::Configured(config)) => {
                let gateway = config.router.unwrap_or(Ipv4Addr::UNSPECIFIED);
                self.pending = Some(IpConfig {
                    address: config.address.address(),
                    netmask: config.address.netmask(),
                    gateway,
                    dns: config.dns_servers.first().copied().unwrap_or(default_dns),
                });
            }
            Some(dhcpv4::Event::Deconfigured) => {
                self.pending = None;
                return Some(Outcome::Lost);
            }
            None => {}
        }
        if now_us < self.ready_us {
            return None;
        }
        self.pending.take().map(Outcome::Address)
    }
}
