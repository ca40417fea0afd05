//! An organisation to measure in: people, folders, customers, made by commands as an app makes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::access::{Principal, Role};
use domain::{Command, Source};
use eventstore::state::token::{self, NewToken, TokenKind};
use eventstore::{Caller, Done, Options, Store};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;
use crate::INSTALLATION;

const FOLDERS: usize = 8;
const MEMBERS: usize = 20;
/// Statuses of each folder.
pub(super) const STATUSES: [&str; 4] = ["new", "contacted", "won", "lost"];
/// Read models that begin far behind are built first.
const CAUGHT_UP: Duration = Duration::from_secs(300);
/// Tasks that fill at the same time.
const AT_ONCE: u64 = 64;

/// An organisation with an owner who may do everything.
#[derive(Debug, Clone)]
pub(super) struct Organisation {
    pub(super) owner: Principal,
    folders: Vec<Uuid>,
    members: Vec<Uuid>,
}

/// Makes the reserved organisation that holds the people who sign in.
pub(super) async fn installation(store: &Store) -> Result<(), Error> {
    Ok(store.create_organisation(INSTALLATION).await?)
}

impl Organisation {
    pub(super) async fn create(store: &Store) -> Result<Self, Error> {
        let organisation = Uuid::now_v7();
        store.create_organisation(organisation).await?;
        let system = Principal::system(organisation);
        let name = json!({ "name": "A trading company" });
        issue(store, &system, "organisation.create", Some(organisation), name).await?;
        let mut members = Vec::new();
        for number in 0..MEMBERS {
            let installation = Principal::system(INSTALLATION);
            let email = format!("{number}.{}@example.com", organisation.simple());
            let person = json!({ "email": email, "name": format!("Member {number}") });
            let user = issue(store, &installation, "user.register", None, person).await?.stream_id;
            let role = if number == 0 { "owner" } else { "manager" };
            let member = json!({ "user": user, "roles": [role] });
            issue(store, &system, "member.add", Some(user), member).await?;
            members.push(user);
        }
        let owner = members.first().copied().unwrap_or_default();
        let owner = Principal::user(organisation, owner, [Role::Owner]);
        let mut folders = Vec::new();
        for number in 0..FOLDERS {
            let folder = json!({
                "name": format!("Folder {number}"), "statuses": STATUSES, "default_status": STATUSES[0]
            });
            folders.push(issue(store, &owner, "folder.create", None, folder).await?.stream_id);
        }
        Ok(Self { owner, folders, members })
    }

    pub(super) fn id(&self) -> Uuid {
        self.owner.organisation
    }

    /// A bearer token of the owner.
    pub(super) async fn token(&self, store: &Store) -> Result<String, Error> {
        let client = store.app().get().await?;
        let new = NewToken {
            organisation: self.id(),
            user_id: self.owner.user,
            kind: TokenKind::Personal,
            role: None,
            opens_all: true,
            name: "bench",
            expires_at: None,
        };
        Ok(token::create(&client, &new).await?.1)
    }

    /// The command that begins a customer.
    pub(super) fn begin(&self, id: Uuid, number: u64) -> Result<Command, Error> {
        let folder = self.folders.get(index(number, self.folders.len()));
        let first = pick(FIRST_NAMES, number);
        let last = format!("{}{}", pick(LAST_NAMES, number / 7), pick(ENDINGS, number / 3));
        let data = json!({
            "type": "person", "first_name": first, "last_name": last, "folder": folder,
            "emails": [format!("{}.{number}@example.com", first.to_lowercase())],
            "phones": [format!("+4930{:08}", 10_000_000 + number)],
        });
        Ok(Command::parse("customer.create", Some(id), data)?)
    }

    /// One of nine further commands, most of which change what the directory shows.
    pub(super) fn go_on(&self, id: Uuid, number: u64, step: u64) -> Result<Command, Error> {
        let user = self.members.get(index(number + step, self.members.len()));
        let folder = self.folders.get(index(number + step, self.folders.len()));
        let (name, data) = match step % 9 {
            0 => ("customer.tag", json!({ "tag": format!("tag {}", (number + step) % 40) })),
            1 => ("customer.change_status", json!({ "status": pick(&STATUSES, number + step) })),
            2 => ("customer.assign_worker", json!({ "user": user })),
            3 => ("customer.add_note", json!({ "text": NOTE })),
            4 => ("customer.log_interaction", json!({ "type": "call", "note": NOTE })),
            5 => {
                let id = format!("C-{number}-{step}");
                ("customer.set_external_id", json!({ "source": "shop", "id": id }))
            }
            6 => {
                let email = format!("office.{number}.{step}@example.com");
                ("customer.add_email", json!({ "address": email }))
            }
            7 => ("customer.move_folder", json!({ "folder": folder })),
            _ => ("customer.flag", json!({ "reason": format!("asks for a call back ({step})") })),
        };
        Ok(Command::parse(name, Some(id), data)?)
    }

    /// Begins so many customers, each by one append of a beginning and so many further commands.
    /// Answers their ids and the number of events.
    pub(super) async fn fill(
        &self,
        store: &Store,
        customers: u64,
        further: u64,
    ) -> Result<(Vec<Uuid>, u64), Error> {
        let next = Arc::new(AtomicU64::new(0));
        let tasks: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let (this, store, next) = (self.clone(), store.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    let (mut ids, mut events) = (Vec::new(), 0);
                    let caller = Caller::new(this.owner.clone(), Source::Api);
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= customers {
                            return Ok::<_, Error>((ids, events));
                        }
                        let id = Uuid::now_v7();
                        let mut commands = vec![this.begin(id, number)?];
                        for step in 0..further {
                            commands.push(this.go_on(id, number, step)?);
                        }
                        let done =
                            store.execute_all(&caller, commands, &Options::default()).await?;
                        events += u64::try_from(done.events.len()).unwrap_or_default();
                        ids.push(id);
                    }
                })
            })
            .collect();
        let (mut ids, mut events) = (Vec::new(), 0);
        for task in tasks {
            let (some, of_them) = task.await??;
            ids.extend(some);
            events += of_them;
        }
        Ok((ids, events))
    }
}

/// Waits until every read model holds what the log holds of these organisations.
pub(super) async fn wait_for_views(store: &Store, organisations: &[Uuid]) -> Result<(), Error> {
    for organisation in organisations {
        let head = store.head_sequence(*organisation).await?;
        for name in projections::models::NAMES {
            projections::wait_for(store, name, *organisation, head, CAUGHT_UP).await?;
        }
    }
    Ok(())
}

/// Issues one command and waits for its commit.
pub(super) async fn issue(
    store: &Store,
    principal: &Principal,
    name: &str,
    target: Option<Uuid>,
    data: Value,
) -> Result<Done, Error> {
    let command = Command::parse(name, target, data)?;
    let caller = Caller::new(principal.clone(), Source::Api);
    Ok(store.execute(&caller, command, &Options::default()).await?)
}

fn index(number: u64, of: usize) -> usize {
    usize::try_from(number).unwrap_or_default() % of.max(1)
}

fn pick(words: &[&'static str], number: u64) -> &'static str {
    words.get(index(number, words.len())).copied().unwrap_or_default()
}

/// What people write.
pub(super) const NOTE: &str = "Called about the delivery of last week. Two of the five boxes were \
    open, but nothing was missing; wants the next ones sent to the new address, and an answer about \
    the price by Friday.";
const FIRST_NAMES: &[&str] = &[
    "Maria", "Anna", "José", "Michael", "Ana", "Thomas", "Peter", "Andreas", "John", "Laura",
    "David", "Marta", "Sofia", "Julia", "Daniel", "Elena", "Martin", "Sarah", "Stefan", "Lucía",
    "Jan", "Emma",
];
const LAST_NAMES: &[&str] = &[
    "Berg", "Stein", "Wald", "Hof", "Brook", "Field", "Lund", "Holm", "Vent", "Mont", "Rios",
    "Serr", "Kowal", "Novak", "Petr", "Ivan", "Hans", "Nils", "Ander", "Svens", "Bach", "Feld",
    "Kamp",
];
const ENDINGS: &[&str] =
    &["er", "mann", "son", "sen", "ova", "ski", "ez", "ini", "ford", "ton", "ley", "man", "quist"];
