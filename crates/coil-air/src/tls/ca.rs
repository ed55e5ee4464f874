//! The lab's certificate authority: made once per lab, kept in two files, and the certificates it issues for host names.

use super::{TlsError, TlsServerConfig, TlsVersions};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

const KEY_FILE: &str = "ca.key.pem";
const CERTIFICATE_FILE: &str = "ca.pem";
const NAME: &str = "Coil workshop authority";
/// The last year in which certificates are valid, and that of those that have expired: no board's clock is before it.
const LAST_YEAR: i32 = 2049;
const EXPIRED_YEAR: i32 = 2015;
/// Certificates made for host names; a lab has some dozens.
const MAX_ISSUED: usize = 1024;

/// The authority.
pub struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate_pem: String,
    certificate_der: Vec<u8>,
    issued: Mutex<HashMap<(String, bool), TlsServerConfig>>,
}

impl fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateAuthority").finish_non_exhaustive()
    }
}

impl CertificateAuthority {
    /// A new authority that is kept nowhere.
    pub fn in_memory() -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let certificate = parameters(&key).self_signed(&key)?;
        let (pem, der) = (certificate.pem(), certificate.der().to_vec());
        Ok(Self::from_parts(key, pem, der))
    }

    /// The authority kept in `dir`, or a new one that is then kept there.
    pub fn load_or_create(dir: &Path) -> Result<Self, TlsError> {
        let (key_path, certificate_path) = (dir.join(KEY_FILE), dir.join(CERTIFICATE_FILE));
        let (key_pem, pem) = (read(&key_path)?, read(&certificate_path)?);
        if let (Some(key_pem), Some(pem)) = (key_pem, pem) {
            let key = KeyPair::from_pem(&key_pem).map_err(|_| TlsError::BadMaterial)?;
            let der = der_of(&pem).ok_or(TlsError::BadMaterial)?;
            return Ok(Self::from_parts(key, pem, der));
        }
        let authority = Self::in_memory()?;
        fs::create_dir_all(dir).map_err(|error| TlsError::File { path: dir.into(), error })?;
        write(&certificate_path, &authority.certificate_pem, 0o644)?;
        // The key comes last: an authority that was interrupted in between is made anew.
        write(&key_path, &authority.issuer.key().serialize_pem(), 0o600)?;
        Ok(authority)
    }

    fn from_parts(key: KeyPair, certificate_pem: String, certificate_der: Vec<u8>) -> Self {
        let issuer = Issuer::new(parameters(&key), key);
        Self { issuer, certificate_pem, certificate_der, issued: Mutex::default() }
    }

    /// The authority's certificate, for those who should trust it.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The same in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// A certificate chain and key for these names, in DER.
    pub fn issue(&self, names: &[&str]) -> Result<(Vec<Vec<u8>>, Vec<u8>), TlsError> {
        self.issue_until(names, LAST_YEAR)
    }

    fn issue_until(&self, names: &[&str], year: i32) -> Result<(Vec<Vec<u8>>, Vec<u8>), TlsError> {
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::new(
            names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(),
        )?;
        parameters
            .distinguished_name
            .push(DnType::CommonName, names.first().copied().unwrap_or("coil"));
        parameters.not_before = date_time_ymd(2000, 1, 1);
        parameters.not_after = date_time_ymd(year, 12, 31);
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let certificate = parameters.signed_by(&key, &self.issuer)?;
        Ok((vec![certificate.der().to_vec(), self.certificate_der.clone()], key.serialize_der()))
    }

    /// What a server named `name` (or `*.` and a domain) accepts with, or one whose certificate has expired; made once per name.
    pub fn server(&self, name: &str, is_expired: bool) -> Result<TlsServerConfig, TlsError> {
        let mut issued = crate::segment::lock(&self.issued);
        let place = (name.to_owned(), is_expired);
        if let Some(config) = issued.get(&place) {
            return Ok(config.clone());
        }
        let year = if is_expired { EXPIRED_YEAR } else { LAST_YEAR };
        let (chain, key) = self.issue_until(&[name], year)?;
        let config = TlsServerConfig::new(chain, key, TlsVersions::Any)?;
        if issued.len() >= MAX_ISSUED {
            issued.clear();
        }
        issued.insert(place, config.clone());
        Ok(config)
    }
}

// They follow from the key, which is in the file. The name differs from lab to lab, so that nobody takes one for another.
fn parameters(key: &KeyPair) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    let mark: String =
        key.public_key_raw().iter().rev().take(4).map(|byte| format!("{byte:02x}")).collect();
    parameters.distinguished_name.push(DnType::CommonName, format!("{NAME} {mark}"));
    parameters.distinguished_name.push(DnType::OrganizationName, "Coil");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.not_before = date_time_ymd(2000, 1, 1);
    parameters.not_after = date_time_ymd(LAST_YEAR, 12, 31);
    parameters
}

fn der_of(pem: &str) -> Option<Vec<u8>> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    CertificateDer::from_pem_slice(pem.as_bytes()).ok().map(|der| der.as_ref().to_vec())
}

fn read(path: &Path) -> Result<Option<String>, TlsError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(TlsError::File { path: path.into(), error }),
    }
}

// Whole or not at all: a new file takes the place of the old one when it is on disk.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), TlsError> {
    let failed = |error| TlsError::File { path: path.into(), error };
    let temporary = path.with_extension(format!("new.{}", std::process::id()));
    let _ = fs::remove_file(&temporary);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, mode);
    let mut file = options.open(&temporary).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&temporary, path).map_err(failed)?;
    if let Some(dir) = path.parent() {
        let _ = File::open(dir).and_then(|dir| dir.sync_all());
    }
    Ok(())
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, mode: u32) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode);
}

#[cfg(not(unix))]
fn set_mode(_: &mut OpenOptions, _: u32) {}
