//! A cloud alone on a loopback port: `serve DATABASE DB_JSON PORT [JSON_PORT]`.

use std::io::Write as _;

use coil_cloud::{Cloud, CloudConfig};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next();
    let (Some(database), Some(db_json), Some(port)) = (next(), next(), next()) else {
        return Err("usage: serve DATABASE DB_JSON PORT [JSON_PORT]".into());
    };
    let cloud = Cloud::open(CloudConfig::new(database).with_db_json(db_json)).await?;
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{} master key {}", listener.local_addr()?, cloud.master_key())?;
    if let Some(port) = next() {
        let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
        tokio::spawn(cloud.clone().serve_json(listener, std::future::pending()));
    }
    cloud.serve(listener, std::future::pending()).await?;
    Ok(())
}
