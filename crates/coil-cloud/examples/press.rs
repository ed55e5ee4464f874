//! Sends one kind of request as fast as a server answers it, over many connections:
//! `press PORT CONNECTIONS SECONDS 'METHOD PATH' [KEY [BODY]]`. A `#` in the path becomes a digit.

use std::io::Write as _;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends one request after the other; gives how long each took, in microseconds.
async fn press(port: u16, request: String, end: Instant) -> std::io::Result<Vec<u64>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut taken, mut answer) = (Vec::new(), vec![0; 1024]);
    while Instant::now() < end {
        let begin = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let length = stream.read(&mut answer).await?;
        if !answer.get(..length).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 2")) {
            return Err(std::io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
        }
        taken.push(u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    Ok(taken)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, connections, seconds, line, rest @ ..] = arguments.as_slice() else {
        return Err("usage: press PORT CONNECTIONS SECONDS 'METHOD PATH' [KEY [BODY]]".into());
    };
    let (port, connections, seconds) = (port.parse()?, connections.parse()?, seconds.parse()?);
    let (key, body) = match rest {
        [] => ("", ""),
        [key] => (key.as_str(), ""),
        [key, body, ..] => (key.as_str(), body.as_str()),
    };
    let end = Instant::now() + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..connections)
        .map(|number: u32| {
            let request = format!(
                "{} HTTP/1.1\r\nHost: localhost\r\nX-M2X-KEY: {key}\r\nContent-Length: {}\r\n\
                 Content-Type: application/json\r\n\r\n{body}",
                line.replace('#', &(number % 10).to_string()),
                body.len()
            );
            tokio::spawn(press(port, request, end))
        })
        .collect();
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await??);
    }
    taken.sort_unstable();
    let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
    writeln!(
        std::io::stdout(),
        "{} answered a second, half within {} us, 99 % within {} us",
        taken.len() as u64 / seconds.max(1),
        at(50),
        at(99)
    )?;
    Ok(())
}
