//! Whole commands over HTTP, in turn with a handler that does one bare insert: the same clients,
//! the same connections, the same bodies, the same process.

mod bare;
mod client;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use automation::egress::{self, Egress};
use eventstore::Store;
use tokio::net::TcpListener;
use uuid::Uuid;

use self::client::{Client, Requests};
use super::filling::{Organisation, installation, wait_for_views};
use super::report::{Goal, Report, Times, Unit, float, ratio};
use super::server::Server;
use super::text::say;
use super::{Error, cpu};
use crate::files::Cabinet;
use crate::import::jobs::Jobs;
use crate::server::{App, Door, Post};

const ORGANISATIONS: u64 = 16;
const CUSTOMERS_EACH: u64 = 1_250;
const ROUND: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(3);

/// What one side did, in one round or in all.
#[derive(Debug, Clone, Default)]
struct Sum {
    done: u64,
    took: Duration,
    server_cpu: Duration,
    own_cpu: Duration,
    times: Times,
}

pub(super) async fn measure(
    server: &Server,
    connections: usize,
    time: Duration,
) -> Result<Report, Error> {
    let store = server.store().await?;
    let address = serve(server, &store).await?;
    let (organisations, mut notes) = note_clients(&store, address, connections).await?;
    let (mut inserts, pool) = bare::best(server, connections).await?;
    say(&format!(
        "{connections} connections to each side; the bare one with {pool} to the database"
    ));
    (notes, _) = round(server, notes, WARM_UP).await?;

    let (mut ours, mut bare) = (Sum::default(), Sum::default());
    for _ in 0..time.as_secs().div_ceil(ROUND.as_secs()) {
        let (back, inserted) = round(server, inserts, ROUND).await?;
        inserts = back;
        let (back, commanded) = round(server, notes, ROUND).await?;
        notes = back;
        say(&format!("{:.0}/s against {:.0}/s", commanded.per_second(), inserted.per_second()));
        bare.add(inserted);
        ours.add(commanded);
    }
    let projections = projections::start(store.clone());
    say("waiting for the read models to catch up");
    wait_for_views(&store, &organisations).await?;
    let (_, followed) = round(server, notes, ROUND).await?;
    projections.stop().await;

    let mut report = Report::new("http");
    add_to(&mut report, &bare, &ours);
    report.add("commands, read models following", followed.per_second(), Unit::PerSecond);
    report.note(format!(
        "{connections} connections; customer.add_note with a bearer token and an Idempotency-Key on {} \
         customers of {ORGANISATIONS} organisations; the bare handler with the best of pools, {pool}",
        ORGANISATIONS * CUSTOMERS_EACH
    ));
    report.note(
        "the clients run in the same process, so its CPU holds theirs; the followed round is after the \
         others and without a bare one beside it",
    );
    Ok(report)
}

/// The real router, as `dossier serve --roles api` has it.
async fn serve(server: &Server, store: &Store) -> Result<SocketAddr, Error> {
    let folder = server.folder().join("imports");
    std::fs::create_dir_all(&folder)
        .map_err(|source| Error::File { path: folder.clone(), source })?;
    let egress = Egress::new(egress::Settings::default()).map_err(Error::Egress)?;
    let files = Cabinet::open(store.clone(), &folder, 0)?;
    let app = App::new(
        store.clone(),
        (Jobs::new(store.clone(), folder), files),
        egress,
        Door::default(),
        Post::default(),
    );
    let (listener, address) = listen().await?;
    tokio::spawn(crate::server::serve(app, listener, std::future::pending()));
    Ok(address)
}

async fn listen() -> Result<(TcpListener, SocketAddr), Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::Http)?;
    let address = listener.local_addr().map_err(Error::Http)?;
    Ok((listener, address))
}

async fn note_clients(
    store: &Store,
    address: SocketAddr,
    connections: usize,
) -> Result<(Vec<Uuid>, Vec<Client>), Error> {
    installation(store).await?;
    say(&format!("making {ORGANISATIONS} organisations of {CUSTOMERS_EACH} customers"));
    let (mut ids, mut organisations) = (Vec::new(), Vec::new());
    for _ in 0..ORGANISATIONS {
        let organisation = Organisation::create(store).await?;
        ids.push(organisation.id());
        let (customers, _) = organisation.fill(store, CUSTOMERS_EACH, 2).await?;
        organisations.push((organisation.token(store).await?, customers));
    }
    let mut clients = Vec::new();
    let many = organisations.len();
    for (number, (token, customers)) in organisations.iter().cycle().take(connections).enumerate() {
        // The clients of an organisation share its customers out.
        let clients_of_it = connections.div_ceil(many).max(1);
        let mine = customers.iter().skip(number / many).step_by(clients_of_it).copied();
        let requests = Requests::notes(token, mine.collect::<Vec<Uuid>>());
        clients.push(Client::connect(address, requests).await?);
    }
    Ok((ids, clients))
}

/// Lets every client send and wait until the time is over.
async fn round(
    server: &Server,
    clients: Vec<Client>,
    time: Duration,
) -> Result<(Vec<Client>, Sum), Error> {
    let (server_cpu, own_cpu) = (server.cpu()?, cpu::of_this_process()?);
    let began = Instant::now();
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                let mut times = Times::default();
                while began.elapsed() < time {
                    let asked = Instant::now();
                    client.ask().await?;
                    times.push(asked.elapsed());
                }
                Ok::<_, Error>((client, times))
            })
        })
        .collect();
    let mut sum = Sum::default();
    let mut clients = Vec::with_capacity(tasks.len());
    for task in tasks {
        let (client, times) = task.await??;
        clients.push(client);
        sum.done += u64::try_from(times.count()).unwrap_or_default();
        sum.times.extend(times);
    }
    sum.took = began.elapsed();
    sum.server_cpu = server.cpu()?.saturating_sub(server_cpu);
    sum.own_cpu = cpu::of_this_process()?.saturating_sub(own_cpu);
    Ok((clients, sum))
}

fn add_to(report: &mut Report, bare: &Sum, ours: &Sum) {
    report.add("bare handler", bare.per_second(), Unit::PerSecond);
    report.add("commands", ours.per_second(), Unit::PerSecond);
    let times = ratio(ours.per_second(), bare.per_second());
    report.judge("commands to bare handler", times, Unit::Times, Goal::AtLeast(1.5));
    for (name, sum) in [("bare handler", bare), ("command", ours)] {
        report.add(format!("{name}, p50"), sum.times.percentile_ms(50), Unit::Milliseconds);
    }
    let (theirs, mine) = (bare.times.percentile_ms(99), ours.times.percentile_ms(99));
    report.add("bare handler, p99", theirs, Unit::Milliseconds);
    report.judge("command, p99", mine, Unit::Milliseconds, Goal::AtMost(theirs));
    let all = |sum: &Sum| sum.micros_each(sum.server_cpu + sum.own_cpu);
    let by_cpu = ratio(all(bare), all(ours));
    report.add("commands to bare handler, by all CPU", by_cpu, Unit::Times);
    for (name, sum) in [("bare handler", bare), ("command", ours)] {
        let database = sum.micros_each(sum.server_cpu);
        report.add(format!("{name}, CPU of the database"), database, Unit::Microseconds);
        let own = sum.micros_each(sum.own_cpu);
        report.add(format!("{name}, CPU of this process"), own, Unit::Microseconds);
    }
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.took += other.took;
        self.server_cpu += other.server_cpu;
        self.own_cpu += other.own_cpu;
        self.times.extend(other.times);
    }

    fn per_second(&self) -> f64 {
        ratio(float(self.done), self.took.as_secs_f64())
    }

    fn micros_each(&self, time: Duration) -> f64 {
        ratio(time.as_secs_f64() * 1e6, float(self.done))
    }
}
