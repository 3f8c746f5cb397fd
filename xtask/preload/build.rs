//! Compiles the library that programs are to load, for the crate to carry.
//!
//! So it is there whenever the runner is, is never older than it, and needs no
//! build of its own. Cargo could not do that: a library that a crate depends on
//! is linked into it, and this one must not be, for it stands in for `write`.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=library");
    println!("cargo::rerun-if-changed=src/ring.rs");
    let variable = |name| env::var(name).unwrap_or_default();
    let library = Path::new(&variable("OUT_DIR")).join("preloaded.so");
    let supported = variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_ENV") == "gnu"
        && ["x86_64", "aarch64"]
            .contains(&variable("CARGO_CFG_TARGET_ARCH").as_str());
    let built = supported && compile(&library);
    if !built {
        // Who speaks is not seen then, and the runner says so.
        std::fs::write(&library, "").expect("OUT_DIR can be written to");
    }
}

fn compile(library: &Path) -> bool {
    let mut rustc = Command::new(env::var_os("RUSTC").expect("cargo says it"));
    rustc
        .args(["--edition", "2024", "--crate-name", "preloaded"])
        .args(["--crate-type", "cdylib", "-C", "opt-level=2"])
        .args(["-C", "panic=abort", "-C", "lto=fat", "-C", "strip=symbols"])
        .arg("-o")
        .arg(library)
        .arg("library/lib.rs");
    let (target, host) = (env::var("TARGET"), env::var("HOST"));
    if let Ok(target) = &target
        && target != &host.unwrap_or_default()
    {
        rustc.args(["--target", target]);
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = std::ffi::OsString::from("linker=");
        option.push(linker);
        rustc.arg("-C").arg(option);
    }
    let status = rustc.status();
    let built = status.is_ok_and(|status| status.success());
    if !built {
        println!("cargo::warning=the preloaded library cannot be compiled");
    }
    built
}
