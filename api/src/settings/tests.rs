use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use uuid::Uuid;

use super::{Environment, Error, Flags, MasterKey, Role, Settings, Source, Unsafe};
use crate::server::Rates;

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    flags: Flags,
}

fn flags(arguments: &[&str]) -> Flags {
    Program::parse_from(["dossier"].iter().chain(arguments)).flags
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut all: HashMap<String, String> = [("HOME", "/home/ada")].iter().map(owned).collect();
    all.extend(variables.iter().map(owned));
    Environment { variables: all, root: false }
}

/// A data directory with a settings file, which goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn with_file(text: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("dossier-test-{}", Uuid::new_v4().simple()));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("dossier.conf"), text).unwrap();
        Self(dir)
    }

    fn load(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Result<Settings, Error> {
        let dir = ["--data-dir", self.0.to_str().unwrap()];
        let arguments: Vec<&str> = dir.iter().chain(arguments).copied().collect();
        Settings::load(&flags(&arguments), &environment(variables))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn nothing_said_is_the_documented_default() {
    let settings = Settings::load(&flags(&[]), &environment(&[])).unwrap();
    assert_eq!(settings.listen.value.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data_dir.value, Path::new("/home/ada/.local/share/dossier"));
    assert!(settings.demo.value);
    assert_eq!(settings.roles.value, Role::ALL);
    assert_eq!(settings.database_url.value, None);
    assert_eq!(settings.nats_url.value, None);
    let key = Path::new("/home/ada/.local/share/dossier/master-key");
    assert_eq!(settings.master_key.value, MasterKey::File(key.to_owned()));
    assert!(settings.describe().iter().all(|setting| setting.source == "default"));
}

#[test]
fn the_data_lies_where_the_system_keeps_such_things() {
    let place = |variables: &[(&str, &str)], root| {
        let environment = Environment { root, ..environment(variables) };
        Settings::load(&flags(&[]), &environment).map(|settings| settings.data_dir.value)
    };
    assert_eq!(place(&[], true).unwrap(), Path::new("/var/lib/dossier"));
    let share = [("XDG_DATA_HOME", "/data/ada")];
    assert_eq!(place(&share, false).unwrap(), Path::new("/data/ada/dossier"));
    let nowhere = place(&[("HOME", "")], false).unwrap_err();
    assert!(matches!(nowhere, Error::NoHome), "{nowhere}");
}

#[test]
fn flags_go_before_variables_and_those_before_the_file() {
    let directory = Directory::with_file("listen = 127.0.0.1:3\nlog = debug\n");
    let variables = [("DOSSIER_LISTEN", "127.0.0.1:2")];
    let by_flag = directory.load(&["--listen", "127.0.0.1:1"], &variables).unwrap().listen;
    assert_eq!((by_flag.value.port(), by_flag.source), (1, Source::Flag("--listen")));
    let by_variable = directory.load(&[], &variables).unwrap().listen;
    let source = Source::Variable("DOSSIER_LISTEN");
    assert_eq!((by_variable.value.port(), by_variable.source), (2, source));
    let by_file = directory.load(&[], &[]).unwrap();
    assert_eq!(by_file.listen.value.port(), 3);
    assert_eq!(by_file.log.value, "debug");
    let path = directory.0.join("dossier.conf");
    assert_eq!(by_file.log.source, Source::File { path, line: 2 });
}

#[test]
fn a_named_file_takes_the_place_of_the_one_in_the_data_directory() {
    let own = Directory::with_file("listen = 127.0.0.1:3\n");
    let named = Directory::with_file("# elsewhere\n\ndemo = false\ndata_dir = /data/there\n");
    let file = named.0.join("dossier.conf");
    let config = ["--config", file.to_str().unwrap()];
    let settings = own.load(&config, &[]).unwrap();
    assert_eq!(settings.listen.source, Source::Default);
    assert_eq!(settings.demo.source, Source::File { path: file.clone(), line: 3 });
    assert!(!settings.demo.value);
    assert_eq!(settings.data_dir.value, own.0, "the flag");
    let settings = Settings::load(&flags(&config), &environment(&[])).unwrap();
    assert_eq!(settings.data_dir.value, Path::new("/data/there"));
    let missing = flags(&["--config", "/nowhere/dossier.conf"]);
    let refusal = Settings::load(&missing, &environment(&[])).unwrap_err();
    assert!(matches!(refusal, Error::Unreadable { .. }), "{refusal}");
}

#[test]
fn a_line_that_says_nothing_known_is_refused_with_its_place() {
    for (text, message) in [
        ("log = info\nlisten 127.0.0.1:1\n", "dossier.conf:2: expected `name = value`"),
        ("lisen = 127.0.0.1:1\n", "dossier.conf:1: there is no setting lisen; there are listen,"),
        ("master_key = 00\n", "dossier.conf:1: there is no setting master_key;"),
        ("log = info\n\nlog = debug\n", "dossier.conf:3: log is already set in line 1"),
        ("data_dir = /elsewhere\n", "dossier.conf:1: data_dir cannot be set"),
        ("listen = here\n", "dossier.conf:1) must be an address with a port"),
        ("roles = api,sing\n", "dossier.conf:1) must be a list from api,project"),
        ("demo = perhaps\n", "dossier.conf:1) must be true or false"),
    ] {
        let refusal = Directory::with_file(text).load(&[], &[]).unwrap_err().to_string();
        assert!(refusal.contains(message), "{refusal}");
    }
}

#[test]
fn roles_are_told_once_each_and_in_order() {
    let settings = Settings::load(&flags(&["--roles", "relay, api,api"]), &environment(&[]));
    assert_eq!(settings.unwrap().roles.value, [Role::Api, Role::Relay]);
}

#[test]
fn a_master_key_has_one_place() {
    let load = |variables: &[(&str, &str)]| Settings::load(&flags(&[]), &environment(variables));
    let given = load(&[("DOSSIER_MASTER_KEY", "0011")]).unwrap().master_key.value;
    assert!(matches!(given, MasterKey::Given(key) if key.expose() == "0011"));
    let file = load(&[("DOSSIER_MASTER_KEY_FILE", "/keys/dossier")]).unwrap().master_key.value;
    assert_eq!(file, MasterKey::File(PathBuf::from("/keys/dossier")));
    let both = [("DOSSIER_MASTER_KEY", "0011"), ("DOSSIER_MASTER_KEY_FILE", "/keys/dossier")];
    let refusal = load(&both).unwrap_err();
    assert!(matches!(refusal, Error::TwoMasterKeys { .. }), "{refusal}");
}

#[test]
fn what_is_printed_holds_no_secret() {
    let variables = [
        ("DATABASE_URL", "postgres://ada:hunter2@db.example:5433/crm?application_name=hunter2"),
        ("NATS_URL", "nats://ada:hunter2@one.example:4222,hunter2@two.example"),
        ("DOSSIER_MASTER_KEY", "hunter2"),
    ];
    let settings = Settings::load(&flags(&["--no-demo"]), &environment(&variables)).unwrap();
    assert!(!format!("{settings:?} {:?}", settings.describe()).contains("hunter2"));
    let told = |name| {
        let found = settings.describe().into_iter().find(|setting| setting.name == name).unwrap();
        (found.value, found.source)
    };
    let (value, source) = told("database_url");
    assert_eq!(value, "host=db.example port=5433 user=ada password=(hidden) dbname=crm");
    assert_eq!(source, "environment DATABASE_URL");
    let (value, _) = told("nats_url");
    assert_eq!(value, "nats://(hidden)@one.example:4222,nats://(hidden)@two.example");
    assert_eq!(told("master_key").0, "(hidden)");
    assert_eq!(told("demo"), ("false".to_owned(), "flag --no-demo".to_owned()));
    let broken = environment(&[("DATABASE_URL", "postgres://ada:hunter2@db:notaport/x")]);
    let refusal = Settings::load(&flags(&[]), &broken).unwrap_err();
    assert!(!format!("{refusal} {refusal:?}").contains("hunter2"), "{refusal}");
}

fn refused(arguments: &[&str], variables: &[(&str, &str)]) -> Option<Unsafe> {
    let settings = Settings::load(&flags(arguments), &environment(variables)).unwrap();
    settings.check_safety().err()
}

#[test]
fn others_are_not_served_by_plain_http_unless_somebody_says_so() {
    let https = [("DOSSIER_PUBLIC_URL", "https://crm.example.com")];
    let http = [("DOSSIER_PUBLIC_URL", "http://crm.example.com")];
    let open = ["--listen", "0.0.0.0:8080"];
    let address = "0.0.0.0:8080".parse().unwrap();
    assert_eq!(refused(&[], &[]), None);
    assert_eq!(refused(&["--listen", "[::1]:8080"], &[]), None);
    assert_eq!(refused(&open, &[]), Some(Unsafe::OpenHttp(address)));
    assert_eq!(refused(&open, &https), None);
    assert_eq!(refused(&open, &http), Some(Unsafe::OpenHttp(address)));
    assert_eq!(refused(&["--listen", "0.0.0.0:8080", "--allow-http"], &http), None);
    assert_eq!(refused(&["--listen", "0.0.0.0:8080", "--roles", "project"], &[]), None);
    assert_eq!(refused(&[], &http), Some(Unsafe::PublicHttp));
    assert_eq!(refused(&[], &[("DOSSIER_PUBLIC_URL", "http://localhost:8080")]), None);
    let near = [("DOSSIER_PUBLIC_URL", "http://localhost.example.com")];
    assert_eq!(refused(&[], &near), Some(Unsafe::PublicHttp));
    let sentence = Unsafe::OpenHttp(address).to_string();
    assert!(sentence.contains("DOSSIER_PUBLIC_URL=https://") && sentence.contains("--allow-http"));
}

#[test]
fn a_service_for_others_takes_no_password_that_everybody_tries() {
    let public = ("DOSSIER_PUBLIC_URL", "https://crm.example.com");
    for (name, value, setting) in [
        ("DATABASE_URL", "postgres://dossier:postgres@db/dossier", "database_url"),
        ("DATABASE_URL", "host=db user=dossier password=change-me", "database_url"),
        ("NATS_URL", "nats://dossier:Secret@nats:4222", "nats_url"),
        ("DOSSIER_SMTP_URL", "smtp://mail:password@mail.example.com:587?tls=required", "smtp_url"),
    ] {
        assert_eq!(refused(&[], &[public, (name, value)]), Some(Unsafe::GuessedPassword(setting)));
        assert_eq!(refused(&[], &[(name, value)]), None, "at home nobody has to be kept out");
    }
    let good = ("DATABASE_URL", "postgres://dossier:k3v9-Qz1f@db/dossier");
    assert_eq!(refused(&[], &[public, good]), None);
    let zeros = "0".repeat(64);
    assert_eq!(refused(&[], &[public, ("DOSSIER_MASTER_KEY", &zeros)]), Some(Unsafe::GuessedKey));
    let calls = ("DOSSIER_ALLOW_LOOPBACK_CALLS", "true");
    assert_eq!(refused(&[], &[public, calls]), Some(Unsafe::LoopbackCalls));
}

#[test]
fn limits_of_rates_are_off_until_one_is_named() {
    let rates = |variables: &[(&str, &str)]| {
        Settings::load(&flags(&[]), &environment(variables)).map(|settings| settings.rates())
    };
    assert_eq!(rates(&[]).unwrap(), None);
    assert_eq!(rates(&[("DOSSIER_RATE_LIMIT_BURST", "10")]).unwrap(), None);
    let some = rates(&[("DOSSIER_RATE_LIMIT_READS", "100")]).unwrap();
    assert_eq!(some, Some(Rates { reads: Some(100), writes: None, burst: 400 }));
    for wrong in ["0", "-1", "many"] {
        assert!(rates(&[("DOSSIER_RATE_LIMIT_WRITES", wrong)]).is_err(), "{wrong}");
    }
}
