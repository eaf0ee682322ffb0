//! What the properties of the program for Windows show: name, version, licence.

#![allow(clippy::print_stdout, reason = "how a build script speaks to Cargo")]

use std::env;

use winresource::WindowsResource;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return;
    }
    let of_package = |name: &str| env::var(format!("CARGO_PKG_{name}")).unwrap_or_default();
    let made = WindowsResource::new()
        .set("FileDescription", &of_package("DESCRIPTION"))
        .set("LegalCopyright", &of_package("LICENSE"))
        .set("OriginalFilename", "credspec.exe")
        .set("Comments", &of_package("REPOSITORY"))
        .compile_for("credspec");
    // The program works without.
    if let Err(error) = made {
        println!("cargo::warning=the program gets no version resource: {error}");
    }
}
