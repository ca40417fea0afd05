//! Lets Cargo notice files that the build of the page adds to `web/dist`.

use std::io;

fn main() -> io::Result<()> {
    let dist = "../web/dist";
    // A directory that is missing would count as changed at every build.
    std::fs::create_dir_all(dist)?;
    println!("cargo:rerun-if-changed={dist}");
    Ok(())
}
