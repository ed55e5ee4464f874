//! The ports of `coil cloud` with TLS: which there are, and for which names.

use super::{here, into_tokio, listen_at};
use anyhow::{Context, Result};
use coil_air::bridge::Secure;
use coil_air::tls::CertificateAuthority;
use coil_cloud::{Cloud, Spoken};
use coil_lab::Folder;
use std::net::{IpAddr, TcpListener};

/// What is said of TLS.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct SecureOptions {
    /// Port with TLS, for HTTPS; none if nothing is said, 0 takes any free one. Clients verify it with `ca/ca.pem` of the folder.
    #[arg(long, value_name = "PORT")]
    tls_port: Option<u16>,
    /// The same for MQTT; 8883 is the usual one.
    #[arg(long, value_name = "PORT")]
    mqtts_port: Option<u16>,
    /// Name or address that clients call this machine by, for the certificate; may be given more than once. `localhost`, the loopback
    /// address and that of `--listen` are in it.
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
}

/// Ports that are taken and not served yet.
pub(super) struct Ports(Vec<(&'static str, Spoken, TcpListener)>);

impl SecureOptions {
    /// Takes the ports, before anything is written.
    pub(super) fn listen(&self, address: IpAddr, anyone: bool) -> Result<Ports> {
        let wanted = [
            ("https", "--tls-port", self.tls_port, Spoken::Http),
            ("mqtts", "--mqtts-port", self.mqtts_port, Spoken::Mqtt { anyone }),
        ];
        let ports = wanted.into_iter().filter_map(|(scheme, option, port, spoken)| {
            Some(listen_at(address, port?, option).map(|listener| (scheme, spoken, listener)))
        });
        Ok(Ports(ports.collect::<Result<_>>()?))
    }

    /// Serves them until the process ends; their addresses. Must be called where the services run.
    pub(super) fn serve(
        &self,
        ports: Ports,
        cloud: &Cloud,
        folder: &Folder,
        at: IpAddr,
    ) -> Result<Vec<String>> {
        if ports.0.is_empty() {
            return Ok(Vec::new());
        }
        let authority = CertificateAuthority::load_or_create(&folder.path().join("ca"))?;
        let listening = at.to_string();
        let mut names = vec!["localhost", "127.0.0.1", "::1"];
        let listening = Some(listening.as_str()).filter(|_| !at.is_unspecified());
        for name in listening.into_iter().chain(self.name.iter().map(String::as_str)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let secure = Secure::new(&authority, &names)
            .context("no certificate can be made for the names of `--name`")?;
        let mut addresses = Vec::new();
        for (scheme, spoken, listener) in ports.0 {
            let listener = into_tokio(listener)?;
            addresses.push(format!("{scheme}://{}", here(&listener)?));
            let (cloud, secure) = (cloud.clone(), secure.clone());
            let open = move |stream| secure.clone().accept(stream);
            tokio::spawn(cloud.serve_secured(listener, spoken, open, std::future::pending()));
        }
        Ok(addresses)
    }
}
