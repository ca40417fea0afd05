//! Finds the value of a setting among flags, variables and the file.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Environment, Error, Flags, MasterKey, Secret, Setting, Source, default_data_dir};

struct Known {
    /// As in the file.
    name: &'static str,
    variable: &'static str,
    in_file: bool,
    expected: &'static str,
}

const fn known(name: &'static str, variable: &'static str, expected: &'static str) -> Known {
    Known { name, variable, in_file: true, expected }
}

const KNOWN: [Known; 20] = [
    known("listen", "DOSSIER_LISTEN", "an address with a port, such as 127.0.0.1:8080"),
    known("data_dir", "DOSSIER_DATA_DIR", "a path"),
    known("demo", "DOSSIER_DEMO", "true or false"),
    known("roles", "DOSSIER_ROLES", "a list from api,project,relay,automate,deliver"),
    known("database_url", "DATABASE_URL", "an address such as postgres://user@host/database"),
    known("nats_url", "NATS_URL", "an address such as nats://host:4222"),
    known("nats_prefix", "DOSSIER_NATS_PREFIX", "letters, digits, - and _, at most 64"),
    known("nats_replicas", "DOSSIER_NATS_REPLICAS", "a number from 1 to 5"),
    known(
        "smtp_url",
        "DOSSIER_SMTP_URL",
        "an address such as smtp://user:password@host:587?tls=required",
    ),
    known("public_url", "DOSSIER_PUBLIC_URL", "an address such as https://crm.example.com"),
    known("allow_loopback_calls", "DOSSIER_ALLOW_LOOPBACK_CALLS", "true or false"),
    known("master_key_file", "DOSSIER_MASTER_KEY_FILE", "a path"),
    known("disk_floor_mib", "DOSSIER_DISK_FLOOR_MIB", "a number of MiB, such as 256"),
    known("largest_file_mib", "DOSSIER_LARGEST_FILE_MIB", "a number of MiB, such as 25"),
    known("rate_limit_reads", "DOSSIER_RATE_LIMIT_READS", "a number above zero, such as 100"),
    known("rate_limit_writes", "DOSSIER_RATE_LIMIT_WRITES", "a number above zero, such as 50"),
    known("rate_limit_burst", "DOSSIER_RATE_LIMIT_BURST", "a number above zero, such as 400"),
    known("allow_http", "DOSSIER_ALLOW_HTTP", "true or false"),
    known("log", "DOSSIER_LOG", "a filter such as info,api=debug"),
    // Not in the file: that may lie in the same backup as the data.
    Known { in_file: false, ..known("master_key", "DOSSIER_MASTER_KEY", "a key") },
];

/// For the name of a setting what was said, and by whom.
type Words = HashMap<&'static str, (String, Source)>;

/// The strongest word for each setting.
pub(super) struct Sources {
    words: Words,
    pub(super) data_dir: Setting<PathBuf>,
}

impl Sources {
    pub(super) fn gather(flags: &Flags, environment: &Environment) -> Result<Self, Error> {
        let mut words = flags.config.as_deref().map(read).transpose()?.unwrap_or_default();
        words.extend(from_environment(environment));
        words.extend(from_flags(flags));
        let data_dir = data_dir(flags, &words, environment)?;
        let own_file = data_dir.value.join("dossier.conf");
        if flags.config.is_none() && own_file.exists() {
            let mut all = read(&own_file)?;
            if let Some((_, place)) = all.remove("data_dir") {
                return Err(Error::MovesItself { place });
            }
            all.extend(words);
            words = all;
        }
        Ok(Self { words, data_dir })
    }

    /// The value of a setting, read by `parse`, which answers `None` to what does not fit.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        default: T,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Setting<T>, Error> {
        let Some((text, source)) = self.words.get(name) else {
            return Ok(Setting { value: default, source: Source::Default });
        };
        let expected = KNOWN.iter().find(|known| known.name == name);
        let value = parse(text).ok_or_else(|| Error::Invalid {
            name,
            source_of: source.clone(),
            expected: expected.map_or("another", |known| known.expected),
        })?;
        Ok(Setting { value, source: source.clone() })
    }

    pub(super) fn master_key(&self) -> Result<Setting<MasterKey>, Error> {
        match (self.words.get("master_key"), self.words.get("master_key_file")) {
            (Some(_), Some((_, file))) => Err(Error::TwoMasterKeys { file: file.clone() }),
            (Some((key, source)), None) => {
                Ok(Setting { value: MasterKey::Given(Secret::new(key)), source: source.clone() })
            }
            (None, Some((path, source))) => {
                let value = MasterKey::File(absolute(PathBuf::from(path)));
                Ok(Setting { value, source: source.clone() })
            }
            (None, None) => {
                let value = MasterKey::File(self.data_dir.value.join("master-key"));
                Ok(Setting { value, source: Source::Default })
            }
        }
    }
}

fn data_dir(
    flags: &Flags,
    words: &Words,
    environment: &Environment,
) -> Result<Setting<PathBuf>, Error> {
    let (path, source) = match (&flags.data_dir, words.get("data_dir")) {
        // Not among the words: a path need not be text.
        (Some(path), _) => (path.clone(), Source::Flag("--data-dir")),
        (None, Some((text, source))) => (PathBuf::from(text), source.clone()),
        (None, None) => (default_data_dir(environment)?, Source::Default),
    };
    Ok(Setting { value: absolute(path), source })
}

fn from_environment(environment: &Environment) -> Words {
    let word = |known: &Known| {
        let text = environment.variable(known.variable)?.to_owned();
        Some((known.name, (text, Source::Variable(known.variable))))
    };
    KNOWN.iter().filter_map(word).collect()
}

fn from_flags(flags: &Flags) -> Words {
    let no_demo = flags.no_demo.then(|| "false".to_owned());
    [
        ("listen", "--listen", flags.listen.clone()),
        ("demo", "--no-demo", no_demo),
        ("roles", "--roles", flags.roles.clone()),
        ("allow_http", "--allow-http", flags.allow_http.then(|| "true".to_owned())),
    ]
    .into_iter()
    .filter_map(|(name, flag, text)| Some((name, (text?, Source::Flag(flag)))))
    .collect()
}

fn read(path: &Path) -> Result<Words, Error> {
    let unreadable = |source: io::Error| Error::Unreadable { path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let mut words = Words::new();
    let mut lines = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = Source::File { path: path.to_owned(), line: number };
        let Some((name, value)) = line.split_once('=') else {
            return Err(Error::NotASetting { place });
        };
        let name = known_in_file(name.trim(), &place)?;
        if let Some(earlier) = lines.insert(name, number) {
            return Err(Error::Repeated { place, name, earlier });
        }
        words.insert(name, (value.trim().to_owned(), place));
    }
    Ok(words)
}

fn known_in_file(name: &str, place: &Source) -> Result<&'static str, Error> {
    let in_file = || KNOWN.iter().filter(|known| known.in_file).map(|known| known.name);
    in_file().find(|known| *known == name).ok_or_else(|| Error::Unknown {
        place: place.clone(),
        name: name.to_owned(),
        known: in_file().collect::<Vec<_>>().join(", "),
    })
}

/// Relative paths count from where the process was started.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
