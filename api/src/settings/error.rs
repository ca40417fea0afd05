//! What can be the matter with a setting.

use std::io;
use std::path::PathBuf;

use super::Source;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value does not fit. It is not shown, since it may be a secret.
    #[error("the value of {name} ({source_of}) must be {expected}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// Who said so.
        source_of: Source,
        /// What would fit.
        expected: &'static str,
    },
    /// The master key is given twice.
    #[error("DOSSIER_MASTER_KEY and master_key_file ({file}) are both given; keep one of them")]
    TwoMasterKeys {
        /// Where the other one is said.
        file: Source,
    },
    /// There is no place for the data by default.
    #[error("there is no home directory to keep the data in; choose one with --data-dir")]
    NoHome,
    /// The file cannot be read.
    #[error("could not read the settings file {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A line of the file is not a setting.
    #[error("{place}: expected `name = value`, a comment after # or an empty line")]
    NotASetting {
        /// File and line.
        place: Source,
    },
    /// A line of the file names a setting that there is not.
    #[error("{place}: there is no setting {name}; there are {known}")]
    Unknown {
        /// File and line.
        place: Source,
        /// What it says.
        name: String,
        /// What it could say.
        known: String,
    },
    /// A line of the file repeats another.
    #[error("{place}: {name} is already set in line {earlier}")]
    Repeated {
        /// File and line.
        place: Source,
        /// The setting.
        name: &'static str,
        /// The line that set it before.
        earlier: usize,
    },
    /// The file that is found by way of the data directory names another one.
    #[error("{place}: data_dir cannot be set in the data directory's own file; use --data-dir")]
    MovesItself {
        /// File and line.
        place: Source,
    },
}
