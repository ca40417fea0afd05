//! The directory of the unix socket, which decides who may connect: there is no password.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::cluster::Places;
use super::process::Launcher;
use super::{Error, system};

const SOCKET: &str = ".s.PGSQL.5432";

/// The system's limit for the path of a socket is 107 bytes on Linux and 103 on macOS.
const PATH_MAX_BYTES: usize = 103;

/// Makes the directory, closed to all others, and says where it is.
///
/// It is `<data-dir>/socket` itself, or behind that a short one where the path is too long or has
/// signs that mean something in a connection string.
pub(super) fn prepare(places: &Places, launcher: &Launcher) -> Result<PathBuf, Error> {
    remove(places)?;
    if is_plain(&places.socket) {
        make(&places.socket, launcher)?;
        return Ok(places.socket.clone());
    }
    let base = if system::is_root() { "/run" } else { "/tmp" };
    // Nobody can have made it before us, which matters in a directory that all may write to.
    let short = Path::new(base).join(format!("dossier-{}", Uuid::new_v4().simple()));
    make(&short, launcher)?;
    symlink(&short, &places.socket).map_err(Error::file("create", &places.socket))?;
    Ok(short)
}

/// Removes the directory, and a short one behind it, with what a killed server left in them.
pub(super) fn remove(places: &Places) -> Result<(), Error> {
    if let Ok(short) = fs::read_link(&places.socket) {
        empty(&short)?;
        return absent(fs::remove_file(&places.socket))
            .map_err(Error::file("remove", &places.socket));
    }
    empty(&places.socket)
}

fn make(dir: &Path, launcher: &Launcher) -> Result<(), Error> {
    DirBuilder::new().mode(0o700).create(dir).map_err(Error::file("create", dir))?;
    // The umask may have taken more.
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
        .map_err(Error::file("open", dir))?;
    launcher.give(dir)
}

fn empty(dir: &Path) -> Result<(), Error> {
    for file in [SOCKET.to_owned(), format!("{SOCKET}.lock")] {
        let file = dir.join(file);
        absent(fs::remove_file(&file)).map_err(Error::file("remove", &file))?;
    }
    absent(fs::remove_dir(dir)).map_err(Error::file("remove", dir))
}

fn absent(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn is_plain(dir: &Path) -> bool {
    dir.to_str().is_some_and(|text| {
        text.len() + "/".len() + SOCKET.len() <= PATH_MAX_BYTES
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter))
    })
}
