//! Connections to the cloud's broker.

use coil_cloud::{Cloud, CloudConfig, Peer};
use std::cell::RefCell;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Served {
    runtime: tokio::runtime::Runtime,
    cloud: Cloud,
    // The folder goes when the thread does.
    _folder: tempfile::TempDir,
}

impl Served {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the host has a runtime to give");
        let folder = tempfile::tempdir().expect("the host has a folder to give");
        let config = CloudConfig::new(folder.path().join("cloud.db"));
        let cloud =
            runtime.block_on(Cloud::open(config)).expect("an empty folder is good for a cloud");
        Self { runtime, cloud, _folder: folder }
    }

    /// Sends bytes on a connection, and is there until its end.
    fn send(&self, bytes: Vec<u8>) {
        let cloud = self.cloud.clone();
        self.runtime.block_on(async move {
            let (ours, theirs) = tokio::io::duplex(1 << 16);
            let server = tokio::spawn(async move {
                cloud.serve_mqtt_connection(theirs, Peer::default(), true).await;
            });
            let (mut reader, mut writer) = tokio::io::split(ours);
            let writing = tokio::spawn(async move {
                // The other side may have hung up.
                let _ = writer.write_all(&bytes).await;
                let _ = writer.shutdown().await;
            });
            let mut answer = Vec::new();
            let done =
                tokio::time::timeout(Duration::from_secs(20), reader.read_to_end(&mut answer));
            assert!(done.await.is_ok(), "a connection does not end");
            writing.abort();
            server.await.expect("nothing may make the broker panic");
        });
    }
}

thread_local! {
    static SERVED: RefCell<Option<Served>> = const { RefCell::new(None) };
}

/// Sends the bytes to the broker as one connection. What they leave there meets the next.
pub(crate) fn run(input: &[u8]) {
    SERVED.with_borrow_mut(|served| served.get_or_insert_with(Served::new).send(input.to_vec()));
}
