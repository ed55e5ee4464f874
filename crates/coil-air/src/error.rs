//! Errors of the air: what a socket call reports, in the chip's own terms, and what the lab's owner may get wrong.
//! Knows nothing of how a socket works.

/// Why a socket call did not do what was asked.
///
/// [`SocketError::errno`] gives the number that the chip's IP stack (lwIP over newlib) reports for the same event, which is not
/// always the one a desktop gives: a refused connection is `ECONNRESET` there, and one that nobody answers is `ECONNABORTED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum SocketError {
    /// Nothing to do now; try again when the socket is ready.
    #[error("the operation would block")]
    WouldBlock,
    /// A connection is under way; the socket turns writable when it stands.
    #[error("the connection is being made")]
    InProgress,
    /// The peer answered the request to connect with a reset: nobody listens there.
    #[error("nobody listens on that port")]
    Refused,
    /// The peer cut an established connection.
    #[error("the connection was reset by the peer")]
    Reset,
    /// Nobody answered, or the network went away under the connection.
    #[error("the connection was aborted: no answer")]
    Aborted,
    /// There is no network, or no way to that address.
    #[error("no route to that host")]
    HostUnreachable,
    /// Not connected (yet, or any more).
    #[error("the socket is not connected")]
    NotConnected,
    /// Connected already.
    #[error("the socket is already connected")]
    AlreadyConnected,
    /// Another socket has that port.
    #[error("the address is in use")]
    AddressInUse,
    /// That address is not this board's.
    #[error("the address is not one of this board's")]
    AddressNotAvailable,
    /// As many sockets are open as the chip has.
    #[error("all sockets are in use")]
    TooManySockets,
    /// No buffer or slot is free now.
    #[error("no buffer is free")]
    NoBuffers,
    /// The datagram does not fit one frame.
    #[error("the message is too long")]
    MessageTooLong,
    /// The call does not fit the socket's kind or state.
    #[error("the socket cannot do that")]
    Invalid,
    /// That is no multicast group that can be joined, or there is no interface to join it with.
    #[error("no such group, or no interface for it")]
    BadGroup,
    /// There is no room for one more multicast group.
    #[error("no room for one more group")]
    TooManyGroups,
    /// The driver that is to do it has not started.
    #[error("multicast DNS has not started")]
    NotStarted,
    /// There is no such socket (closed, perhaps).
    #[error("there is no such socket")]
    BadSocket,
}

impl SocketError {
    /// The number the chip's sockets report (newlib's numbering, as lwIP maps its own errors).
    pub fn errno(self) -> i32 {
        match self {
            Self::WouldBlock => 11,
            Self::InProgress => 119,
            Self::Refused | Self::Reset => 104,
            Self::Aborted => 113,
            Self::HostUnreachable => 118,
            Self::NotConnected => 128,
            Self::AlreadyConnected => 127,
            Self::AddressInUse => 112,
            Self::AddressNotAvailable => 125,
            Self::TooManySockets => 23,
            Self::NoBuffers => 105,
            Self::MessageTooLong => 122,
            Self::Invalid => 22,
            // These come from beneath the sockets: lwIP's own numbers, and the driver's.
            Self::BadGroup => 6,
            Self::TooManyGroups => 1,
            Self::NotStarted => 0x103,
            Self::BadSocket => 9,
        }
    }
}

/// Why an air could not be made as configured.
#[derive(Debug, thiserror::Error)]
pub enum AirError {
    /// The data file of host names does not parse.
    #[error("the table of host names is not valid: {0}")]
    Names(#[from] toml::de::Error),
    /// A host name in the table refers to a kind of service that the table does not define.
    #[error("host `{host}` is of kind `{kind}`, which the table does not define")]
    UnknownKind {
        /// The host's name.
        host: String,
        /// The kind it asked for.
        kind: String,
    },
    /// The subnet is too small or too large, or the gateway lies outside it.
    #[error(
        "the subnet {gateway}/{prefix} is not usable: give a prefix from 8 to 28 and a host address in it"
    )]
    Subnet {
        /// The gateway's address.
        gateway: std::net::Ipv4Addr,
        /// The prefix length.
        prefix: u8,
    },
    /// Addresses of the host's network are listed that are the boards' own.
    #[error(
        "`{listed}` is within the boards' own network {gateway}/{prefix}, so nothing leads from there to the host's; give the boards another one with `--gateway`"
    )]
    ListedWithin {
        /// What is listed.
        listed: crate::outside::Listed,
        /// The gateway's address.
        gateway: std::net::Ipv4Addr,
        /// The prefix length.
        prefix: u8,
    },
    /// An access point is not one that there can be.
    #[error(transparent)]
    AccessPoint(#[from] crate::access_point::AccessPointError),
    /// The certificate authority could not be read, made or written.
    #[error("the lab's certificate authority: {0}")]
    Authority(#[from] crate::tls::TlsError),
}
