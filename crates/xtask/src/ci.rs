//! What must hold before anything lands.

use crate::shell::{run, say, works};
use crate::{instructions, page, tidy, tools};
use anyhow::{Result, bail};
use std::time::Instant;

/// Everything, as the checks of a change run it; says how long each part took. All parts build in one profile, so that what one has
/// built (macros, build scripts, C libraries) is there for the next.
pub(crate) fn all() -> Result<()> {
    timed("format and house", || {
        run("cargo", &["fmt", "--all", "--check"], &[])?;
        tidy::check()
    })?;
    timed("page", page::check)?;
    timed("clippy", || {
        let strict = ["clippy", "--workspace", "--all-targets", "--profile", "quick", "--quiet"];
        run("cargo", &[&strict[..], &["--", "-D", "warnings"]].concat(), &[])
    })?;
    timed("documentation", || {
        let docs = ["doc", "--workspace", "--no-deps", "--profile", "quick", "--quiet"];
        let docs = [&docs[..], &["--document-private-items"]].concat();
        run("cargo", &docs, &[("RUSTDOCFLAGS", "-D warnings")])
    })?;
    timed("tests", test)?;
    timed("instructions", || instructions::run(&[]))?;
    timed("no_std", no_std)
}

fn timed(part: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    work()?;
    say(&format!("{part}: {} s", start.elapsed().as_secs()));
    Ok(())
}

/// All tests: units, conformance scripts, end to end with the real tools.
pub(crate) fn test() -> Result<()> {
    let python = tools::python()?;
    let node = tools::json_server()?;
    let python = python.to_string_lossy().into_owned();
    let esptool4 = tools::esptool4()?.to_string_lossy().into_owned();
    let espflash = tools::espflash()?.to_string_lossy().into_owned();
    let m2x_mqtt = tools::m2x_mqtt()?.to_string_lossy().into_owned();
    let schemathesis = tools::schemathesis()?.to_string_lossy().into_owned();
    let m2x = format!("{python}/bin/python");
    let mut env = vec![
        ("COIL_TOOLS", python.as_str()),
        ("COIL_ESPTOOL4", esptool4.as_str()),
        ("COIL_ESPFLASH", espflash.as_str()),
        ("COIL_M2X_MQTT", m2x_mqtt.as_str()),
        ("COIL_SCHEMATHESIS", schemathesis.as_str()),
        ("M2X_PYTHON", m2x.as_str()),
    ];
    let web = tools::web()?.map(|w| w.to_string_lossy().into_owned());
    if let Some(web) = &web {
        env.push(("COIL_WEB", web));
    }
    let node = node.map(|n| n.to_string_lossy().into_owned());
    if let Some(node) = &node {
        env.push(("JSON_SERVER", node));
    }
    run("cargo", &["test", "--workspace", "--doc", "--profile", "quick", "--quiet"], &env)?;
    if works("cargo", &["nextest", "--version"]) {
        run(
            "cargo",
            &["nextest", "run", "--workspace", "--no-fail-fast", "--cargo-profile", "quick"],
            &env,
        )
    } else {
        run("cargo", &["test", "--workspace", "--no-fail-fast", "--profile", "quick"], &env)
    }
}

/// Targets without an operating system, and what is built for each. Circuits are for the tab alone: reading TOML
/// needs atomics, which the chip has not.
const NO_STD: [(&str, &str); 2] =
    [("wasm32-unknown-unknown", "coil-circuit"), ("riscv32imc-unknown-none-elf", "coil-board")];

/// The rooms from the heap to the board, and what is wired to it, for a browser tab and for a chip.
pub(crate) fn no_std() -> Result<()> {
    let folder = crate::shell::root().join("target/no-std");
    let folder = folder.to_string_lossy().into_owned();
    for (target, top) in NO_STD {
        let build = ["build", "--quiet", "-p", top, "--target", target];
        let env = [("CARGO_TARGET_DIR", folder.as_str())];
        if works("rustup", &["target", "add", target]) {
            run("cargo", &build, &env)?;
        } else if works("/usr/bin/cargo", &["--version"])
            && std::path::Path::new("/usr/lib/rustlib/src/rust/library/core").exists()
        {
            // The distribution's compiler brings the library's source: build that as well.
            let mut args = vec!["-Z", "build-std=core,alloc"];
            args.extend(build);
            let more = [env[0], ("RUSTC_BOOTSTRAP", "1"), ("RUSTC", "/usr/bin/rustc")];
            run("/usr/bin/cargo", &args, &more)?;
        } else {
            bail!(
                "no compiler for {target}: `rustup target add {target}` fails, and the packages \
                 rustc-web, cargo-web and rust-web-src are not installed"
            );
        }
        say(&format!("{target}: builds"));
    }
    Ok(())
}
