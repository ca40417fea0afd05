use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use tokio_postgres::NoTls;
use uuid::Uuid;

use super::binaries;
use super::cluster::{self, PidFile, Places};
use super::options::shared_buffers_bytes;
use super::process::Launcher;
use super::system::{self, Account, Signal, send_signal};
use super::{EmbeddedPostgres, Error, Mode, connection_string, running_on};

/// A directory that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("dossier-test-{}", Uuid::new_v4().simple())))
    }

    /// With a cluster in it that was made without waiting for the disk, unlike a durable one.
    fn with_cluster() -> Self {
        let directory = Self::new();
        let (places, launcher) = directory.launcher();
        let binaries = binaries::find(&places.cluster).unwrap();
        cluster::create(&places, &binaries, &launcher, Mode::Throwaway).unwrap();
        directory
    }

    fn launcher(&self) -> (Places, Launcher) {
        let places = Places::prepare(&self.0).unwrap();
        let account = Account::for_server().unwrap();
        let launcher = Launcher::new(&places, account, Mode::Durable).unwrap();
        (places, launcher)
    }

    fn start(&self) -> Result<EmbeddedPostgres, Error> {
        EmbeddedPostgres::start(&self.0, Mode::Durable)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        cluster::remove(&self.0).unwrap();
    }
}

async fn ask(connection: &str, sql: &str) -> String {
    let (client, connection) = tokio_postgres::connect(connection, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.query_one(sql, &[]).await.unwrap().get(0)
}

async fn write(server: &EmbeddedPostgres, text: &str) {
    let (client, connection) =
        tokio_postgres::connect(&server.connection_string("dossier"), NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("CREATE TABLE IF NOT EXISTS words (word TEXT)").await.unwrap();
    client.execute("INSERT INTO words VALUES ($1)", &[&text]).await.unwrap();
}

async fn words(server: &EmbeddedPostgres) -> String {
    let sql = "SELECT string_agg(word, ' ' ORDER BY word) FROM words";
    ask(&server.connection_string("dossier"), sql).await
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_start() {
    let directory = Directory::with_cluster();
    let server = directory.start().unwrap();
    server.ensure_database("dossier").await.unwrap();
    server.ensure_database("dossier").await.unwrap();
    write(&server, "kept").await;
    let postgres = server.process_id();
    server.stop().unwrap();
    assert!(!Path::new("/proc").join(postgres.to_string()).exists());
    assert!(PidFile::read(&directory.0.join("postgresql")).is_none(), "a clean stop");

    let server = directory.start().unwrap();
    assert_eq!(words(&server).await, "kept");
    server.stop().unwrap();
}

#[tokio::test]
async fn a_second_start_on_the_same_directory_is_refused() {
    let directory = Directory::with_cluster();
    let server = directory.start().unwrap();
    let refusal = directory.start().unwrap_err();
    assert!(matches!(refusal, Error::InUse { .. }), "{refusal}");
    assert!(refusal.to_string().contains(&format!("process {}", std::process::id())), "{refusal}");
    let socket_dir = running_on(&directory.0).unwrap();
    assert_eq!(ask(&connection_string(&socket_dir, "postgres"), "SELECT 'alive'").await, "alive");
    server.stop().unwrap();
    assert_eq!(running_on(&directory.0), None);
}

#[tokio::test]
async fn a_killed_server_recovers_at_the_next_start() {
    let directory = Directory::with_cluster();
    let mut server = directory.start().unwrap();
    server.ensure_database("dossier").await.unwrap();
    write(&server, "confirmed").await;
    send_signal(server.process_id(), Signal::Kill).unwrap();
    while server.is_running().unwrap() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(PidFile::read(&directory.0.join("postgresql")).is_some(), "not a clean stop");
    drop(server);

    let server = directory.start().unwrap();
    assert_eq!(words(&server).await, "confirmed");
    server.stop().unwrap();
}

#[test]
fn a_killed_process_takes_its_server_along() {
    const NAME: &str = "embedded_postgres::tests::a_killed_process_takes_its_server_along";
    if let Some(data_dir) = std::env::var_os("DOSSIER_TEST_HOLD") {
        // This is the process to be killed, started below.
        let _server = EmbeddedPostgres::start(Path::new(&data_dir), Mode::Durable).unwrap();
        loop {
            std::thread::park();
        }
    }
    let directory = Directory::with_cluster();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME])
        .env("DOSSIER_TEST_HOLD", &directory.0)
        .spawn()
        .unwrap();
    while running_on(&directory.0).is_none() {
        assert!(holder.try_wait().unwrap().is_none(), "the holder did not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    end(&mut holder);
    directory.start().unwrap().stop().unwrap();
}

#[test]
fn a_pid_file_that_names_some_other_process_does_not_stop_a_start() {
    let directory = Directory::with_cluster();
    let (places, launcher) = directory.launcher();
    // Of the server's own user, which is what PostgreSQL takes for a server.
    let mut other = launcher.command(Path::new("/bin/sleep")).unwrap().arg("60").spawn().unwrap();
    let text = format!("{}\n{}\n0\n5432\n", other.id(), places.cluster.display());
    let pid_file = places.cluster.join("postmaster.pid");
    fs::write(&pid_file, text).unwrap();
    launcher.give(&pid_file).unwrap();
    let started = directory.start();
    end(&mut other);
    started.unwrap().stop().unwrap();
}

#[test]
fn a_cluster_that_was_half_made_is_made_anew() {
    let directory = Directory::new();
    let (places, _) = directory.launcher();
    let half = places.data_dir.join("postgresql.part");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    EmbeddedPostgres::start(&directory.0, Mode::Throwaway).unwrap().stop().unwrap();
}

#[tokio::test]
async fn a_throwaway_server_leaves_nothing_behind() {
    let directory = Directory::new();
    let server = EmbeddedPostgres::start(&directory.0, Mode::Throwaway).unwrap();
    assert_eq!(ask(&server.connection_string("postgres"), "SHOW fsync").await, "off");
    assert!(directory.0.join("postgresql/PG_VERSION").exists());
    server.stop().unwrap();
    assert!(!directory.0.exists());
}

#[tokio::test]
async fn a_durable_server_confirms_what_is_on_disk_and_keeps_values_out_of_its_log() {
    let directory = Directory::with_cluster();
    let server = directory.start().unwrap();
    for (setting, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("max_wal_size", "8GB"),
        ("listen_addresses", ""),
        ("log_parameter_max_length_on_error", "0"),
        ("log_error_verbosity", "terse"),
    ] {
        let sql = format!("SELECT current_setting('{setting}')");
        assert_eq!(ask(&server.connection_string("postgres"), &sql).await, value, "{setting}");
    }
    let collation = "SELECT datcollate::text FROM pg_database WHERE datname = 'postgres'";
    assert_eq!(ask(&server.connection_string("postgres"), collation).await, "C");
    server.stop().unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_one() {
    let mut directory = Directory::new();
    let parent = Directory(directory.0.clone());
    directory.0.push("long, and with a comma ".repeat(5));
    let server = EmbeddedPostgres::start(&directory.0, Mode::Throwaway).unwrap();
    let short = server.socket_dir().to_owned();
    assert!(!short.starts_with(&directory.0));
    assert_eq!(ask(&server.connection_string("postgres"), "SELECT 'near'").await, "near");
    server.stop().unwrap();
    assert!(!short.exists());
    drop(parent);
}

#[test]
fn a_directory_that_the_server_cannot_enter_is_refused() {
    let account = Account { name: "somebody".to_owned(), uid: 54_321, gid: 54_321 };
    let parent = Directory::new();
    let places = Places::prepare(&parent.0.join("inside")).unwrap();
    let open = |mode| fs::set_permissions(&parent.0, Permissions::from_mode(mode)).unwrap();
    fs::set_permissions(&places.data_dir, Permissions::from_mode(0o755)).unwrap();
    open(0o711);
    cluster::check_reach(&places, &account).unwrap();
    open(0o700);
    let refusal = cluster::check_reach(&places, &account).unwrap_err();
    assert!(refusal.to_string().contains("/var/lib/dossier"), "{refusal}");
}

#[test]
fn a_pid_file_tells_when_the_server_is_ready() {
    let starting = "17\n/data\n1795000000\n5432\n/data/socket\n\n  5432001  7\nstarting\n";
    let state = PidFile::parse(starting).unwrap();
    assert_eq!((state.process, state.ready), (17, false));
    let ready = PidFile::parse(&starting.replace("starting", "ready   ")).unwrap();
    let socket_dir = PathBuf::from("/data/socket");
    assert_eq!(ready, PidFile { process: 17, socket_dir, ready: true });
    assert!(!PidFile::parse("17\n/data\n").unwrap().ready);
    assert_eq!(PidFile::parse(""), None);
}

#[test]
fn memory_is_shared_with_the_service() {
    let gibibyte = 1024 * 1024 * 1024;
    assert_eq!(shared_buffers_bytes(None), gibibyte / 8);
    assert_eq!(shared_buffers_bytes(Some(4 * gibibyte)), gibibyte / 2);
    assert_eq!(shared_buffers_bytes(Some(64 * gibibyte)), gibibyte);
    assert!(system::memory_bytes().is_some_and(|bytes| bytes > gibibyte / 8));
}

fn end(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}
