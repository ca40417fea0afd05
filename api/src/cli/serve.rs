//! `dossier serve`.

use automation::egress;
use automation::outbox::CallSettings;
use tokio::signal::unix::{SignalKind, signal};

use super::session::Session;
use super::{End, Error, say, say_error};
use crate::bootstrap::Owner;
use crate::server::Door;
use crate::service::{Service, ServiceSettings};
use crate::settings::{Role, Settings};
use crate::{demo, disk, log};

/// Starts everything, prints the address, and runs until ctrl-C or SIGTERM.
pub(super) fn serve(settings: &Settings) -> Result<End, Error> {
    settings.check_safety()?;
    log::to_stderr(&settings.log.value);
    // The database starts before the runtime and ends after it.
    let mut session = Session::alone(settings)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(run(settings, &session));
    drop(runtime);
    session.end()?;
    served.map(|()| End::Well)
}

async fn run(settings: &Settings, session: &Session) -> Result<(), Error> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    session.prepare().await?;
    let service = Service::start(ServiceSettings {
        database: session.database.clone(),
        master_key: session.master_key.clone(),
        data_dir: session.data_dir.clone(),
        largest_file: settings.largest_file_mib.value << 20,
        listen: settings.listen.value,
        roles: settings.roles.value.clone(),
        nats: settings.nats(),
        door: Door { https: settings.is_https(), rates: settings.rates() },
        outbox: automation::outbox::Settings {
            smtp: settings.smtp_url.value.as_ref().and_then(|url| url.expose().parse().ok()),
            public_url: settings.public_url.value.clone(),
            calls: calls(settings),
            ..automation::outbox::Settings::default()
        },
    })
    .await?;
    let watching = session.is_embedded().then(|| {
        let floor = settings.disk_floor_mib.value << 20;
        disk::watch(service.store.clone(), session.data_dir.clone(), floor)
    });
    welcome(settings, session, &service);
    let owner = service.owner.as_ref().filter(|_| settings.demo.value);
    let loading = owner.map(|owner| load_demo(session, &service, owner));
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    say("stopping");
    for task in loading.into_iter().chain(watching) {
        task.abort();
    }
    service.stop().await?;
    Ok(())
}

fn calls(settings: &Settings) -> CallSettings {
    let calls = CallSettings::default();
    let egress = egress::Settings { loopback: settings.allow_loopback_calls.value, ..calls.egress };
    CallSettings { egress, ..calls }
}

fn welcome(settings: &Settings, session: &Session, service: &Service) {
    if !settings.roles.value.contains(&Role::Api) {
        say("dossier works; this process serves no HTTP");
        return;
    }
    say(&format!("dossier serves http://{}", service.address));
    say(&format!("  reference   http://{}/docs", service.address));
    say(&format!("  data        {}", session.data_dir.display()));
    let database =
        if session.is_embedded() { "its own, over a unix socket" } else { "DATABASE_URL" };
    say(&format!("  database    {database}"));
    say(&format!("  owner token {}", session.data_dir.join("owner-token").display()));
    if let Some(owner) = &service.owner
        && let Some(password) = &owner.password
    {
        say(&format!("  owner       {} with the one-time password {password}", owner.email));
        say("              (shown this once)");
    }
}

fn load_demo(session: &Session, service: &Service, owner: &Owner) -> tokio::task::JoinHandle<()> {
    let (store, jobs) = (service.store.clone(), service.jobs.clone());
    let (owner, data_dir) = (owner.principal.clone(), session.data_dir.clone());
    tokio::spawn(async move {
        if let Err(error) = demo::load(&store, &jobs, &owner, &data_dir, say).await {
            say_error(&error);
        }
    })
}
