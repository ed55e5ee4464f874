//! Connections of a service of the lab's own: to boards, and to hosts outside as far as these are open to boards.

use super::outside::is_own;
use super::{Clock, ServiceIo};
use crate::air::Air;
use crate::outside::{HOST_NAME, Outside};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};

/// Bytes both ways.
pub trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// Connects to a port of a board, named by its address, or to one of a host outside, under the rules for boards.
///
/// # Errors
/// Nobody is there, or the address is closed.
pub async fn connect(air: &Air, clock: &Clock, host: &str, port: u16) -> io::Result<Box<dyn Io>> {
    let config = air.config();
    if let Ok(ip) = host.parse()
        && let Some(stream) = air.connect_board(SocketAddrV4::new(ip, port), clock.now_us())
    {
        std::future::poll_fn(|cx| stream.poll_stands(cx)).await?;
        return Ok(Box::new(ServiceIo::from(stream)));
    }
    let stream = connect_outside(&config.outside, config.gateway, host, port).await?;
    Ok(Box::new(stream))
}

/// Connects to a port of a host outside, if that is open. The host's loopback address goes by the address of `gateway`, and by the
/// name `host.workshop`; other names are asked for only where the internet is open, as for boards.
///
/// # Errors
/// Nobody is there, or the address is closed.
pub async fn connect_outside(
    outside: &Outside,
    gateway: Ipv4Addr,
    host: &str,
    port: u16,
) -> io::Result<TcpStream> {
    let ip = match host.parse() {
        Ok(ip) => Some(ip),
        Err(_) if host.eq_ignore_ascii_case(HOST_NAME) => Some(gateway),
        // Whether anybody is asked for a name is open or closed like the rest.
        Err(_) if !outside.has_names() => None,
        Err(_) => {
            let mut found = lookup_host((host, port)).await?;
            found.find_map(|at| match at {
                SocketAddr::V4(at) => outside.told(gateway, *at.ip()),
                SocketAddr::V6(_) => None,
            })
        }
    };
    let target = ip.and_then(|ip| outside.target(gateway, SocketAddrV4::new(ip, port)));
    let is_open = |to: &SocketAddrV4| outside.is_listed(*to) || !is_own(*to);
    let Some(target) = target.filter(is_open) else {
        let why = "it is closed; `--allow ADDRESS[:PORT]` or `--internet` opens a way";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    };
    let stream = TcpStream::connect(target).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn only_what_is_listed_is_reached() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let listed = vec![format!("127.0.0.1:{port}").parse().unwrap()];
        let open = Outside { internet: false, listed };
        let named = Outside { internet: true, ..open.clone() };
        let gateway = Ipv4Addr::new(192, 168, 1, 1);
        for (outside, host, port, expected) in [
            (&open, "192.168.1.1", port, None),
            (&open, "host.workshop", port, None),
            (&open, "localhost", port, Some(io::ErrorKind::PermissionDenied)),
            (&named, "localhost", port, None),
            (&named, "localhost", 1, Some(io::ErrorKind::PermissionDenied)),
            (&open, "127.0.0.1", port, Some(io::ErrorKind::PermissionDenied)),
            (&open, "192.168.1.1", 1, Some(io::ErrorKind::PermissionDenied)),
            (&Outside::default(), "localhost", port, Some(io::ErrorKind::PermissionDenied)),
            (&Outside::default(), "192.0.2.7", 80, Some(io::ErrorKind::PermissionDenied)),
        ] {
            let reached = connect_outside(outside, gateway, host, port).await;
            assert_eq!(reached.err().map(|error| error.kind()), expected, "{host}:{port}");
        }
    }
}
