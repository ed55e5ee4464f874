//! Starting `coil` and tools, and waiting for what they say.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program under test.
pub(crate) const COIL: &str = env!("CARGO_BIN_EXE_coil");

/// Runs `coil` to its end.
pub(crate) fn coil(args: &[&str]) -> Output {
    Command::new(COIL).args(args).stdin(Stdio::null()).output().expect("coil starts")
}

/// What a command printed, its line ends made plain.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

/// A `coil` that runs in the background; it is stopped when this is dropped.
pub(crate) struct Running {
    child: Child,
    /// The first lines it printed.
    pub(crate) head: Vec<String>,
}

impl Running {
    /// Starts `coil` and waits for its first lines.
    pub(crate) fn start(args: &[&str], lines: usize) -> Self {
        let mut child = Command::new(COIL)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("coil starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut head = Vec::new();
        while head.len() < lines {
            let mut line = String::new();
            if out.read_line(&mut line).expect("readable") == 0 {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        // Whatever else it says is not looked at, but must not fill the pipe.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = out.read_to_end(&mut rest);
        });
        Self { child, head }
    }

    /// Asks it to end, as Ctrl-C in its terminal does, and waits.
    pub(crate) fn stop(mut self) -> std::process::ExitStatus {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        self.child.wait().expect("it ends")
    }

    /// Kills it without a warning.
    pub(crate) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running workshop in a folder of its own.
pub(crate) struct Lab {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) coil: Running,
}

impl Lab {
    pub(crate) fn start(extra: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().to_str().expect("plain").to_owned();
        let mut args = vec!["up", &path, "--port", "0"];
        args.extend(extra);
        let coil = Running::start(&args, 5);
        assert!(coil.head.first().is_some_and(|l| l.contains("open")), "{:?}", coil.head);
        Self { dir, coil }
    }

    /// The serial port of the first board.
    pub(crate) fn tty(&self) -> PathBuf {
        self.dir.path().join("tty-board0")
    }

    /// What the cloud answers on its loopback port; `headers` end with a line break.
    pub(crate) fn get(&self, path: &str, headers: &str) -> String {
        let url = self.status()["cloud"]["url"].as_str().expect("a text").to_owned();
        let mut stream =
            std::net::TcpStream::connect(url.trim_start_matches("http://")).expect("connects");
        let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    /// What the lab tells scripts.
    pub(crate) fn status(&self) -> serde_json::Value {
        let out = coil(&["status", "--json", self.dir.path().to_str().expect("plain")]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        serde_json::from_slice(&out.stdout).expect("JSON")
    }
}

/// Says something on the first board's console and waits for an answer.
pub(crate) struct Prompt(TcpStream);

impl Prompt {
    pub(crate) fn open(lab: &Lab) -> Self {
        let tcp = lab.status()["boards"][0]["tcp"].as_str().expect("a text").to_owned();
        let mut prompt = Self(connect(&tcp));
        // Ctrl-C ends what boot.py still does.
        prompt.say("\x03\r\x03\r", ">>> ");
        prompt
    }

    /// The same of a board that is in the workshop's network, as `wlan`.
    pub(crate) fn joined(lab: &Lab) -> Self {
        let mut prompt = Self::open(lab);
        let join = "import network, time\nwlan = network.WLAN(network.STA_IF)\nwlan.active(True)\n\
            if wlan.status() not in (network.STAT_GOT_IP, network.STAT_CONNECTING): wlan.connect('workshop', 'micropython')\n\
            while not wlan.isconnected(): time.sleep_ms(5)\nprint('is', 'in')";
        prompt.paste(join, "is in");
        prompt
    }

    pub(crate) fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).expect("sent");
    }

    /// Types this and reads until something is said.
    pub(crate) fn say(&mut self, text: &str, wanted: &str) -> String {
        self.send(text);
        self.until(wanted)
    }

    /// Pastes a program and reads until the prompt after what it says in the end.
    pub(crate) fn paste(&mut self, program: &str, wanted: &str) {
        self.say("\x05", "=== ");
        self.say(&format!("{}\r\x04", program.replace('\n', "\r")), &format!("{wanted}\r\n>>> "));
    }

    /// Reads until something is said.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        let (mut seen, mut buffer) = (String::new(), [0; 512]);
        while !seen.contains(wanted) {
            let n = self.0.read(&mut buffer);
            let n = n.unwrap_or_else(|e| panic!("{e}, waiting for {wanted:?} after {seen:?}"));
            assert!(n > 0, "{seen}");
            seen.push_str(&String::from_utf8_lossy(&buffer[..n]));
        }
        seen
    }
}

/// A connection that does not wait for ever.
pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("set");
    stream
}

/// Whether a program is installed here; it says so if it is not.
pub(crate) fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--help").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let is_there = command.status().is_ok();
    if !is_there {
        println!("no {program} here: left out");
    }
    is_there
}

/// A tool of the virtual environment, if there is one.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    tool_of("COIL_TOOLS", name)
}

/// A tool of the environment that a variable names, if it does.
pub(crate) fn tool_of(variable: &str, name: &str) -> Option<PathBuf> {
    let dir = std::env::var_os(variable)?;
    let path = Path::new(&dir).join("bin").join(name);
    assert!(path.exists(), "{variable} has no `{name}`");
    Some(path)
}

/// Runs a tool to its end, within a time.
pub(crate) fn run_tool(program: &Path, args: &[&str]) -> Output {
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let pid = child.id().to_string();
    let watch = std::thread::spawn(move || child.wait_with_output().expect("output"));
    let start = Instant::now();
    while !watch.is_finished() {
        if start.elapsed() > Duration::from_secs(60) {
            let _ = Command::new("kill").args(["-KILL", &pid]).status();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    watch.join().expect("no panic")
}
