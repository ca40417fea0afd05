//! The demo's people: one of each role, and two who do not meet every customer. They share a
//! password, made for this installation and kept beside its data for as long as it is in force.

use std::path::Path;

use domain::access::Principal;
use domain::claim::ClaimKind;
use domain::user::INSTALLATION;
use domain::{Command, Source};
use eventstore::state::credential::{self, Maker};
use eventstore::{Caller, CommandId, Done, Options, Store};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Error, SOURCE};
use crate::bootstrap::write_secret;
use crate::passwords;

/// Holds the password, for its owner's eyes only; without it the people have not been made.
const PASSWORD: &str = "demo-password";

/// Somebody who works at the demo's film rental.
struct Person {
    name: &'static str,
    email: &'static str,
    role: &'static str,
    /// Whom they meet, where it is not everybody.
    reach: Option<Extent>,
    /// The demo's customers whose worker they are, by number.
    customers: std::ops::Range<u32>,
}

enum Extent {
    Assigned,
    Folder(&'static str),
}

const fn person(name: &'static str, email: &'static str, role: &'static str) -> Person {
    Person { name, email, role, reach: None, customers: 0..0 }
}

const PEOPLE: [Person; 11] = [
    person("Olga Brandt", "owner@demo.localhost", "owner"),
    person("Adam Wirth", "admin@demo.localhost", "admin"),
    person("Mai Tran", "manager@demo.localhost", "manager"),
    person("Emil Roth", "executive@demo.localhost", "executive"),
    person("Sara Lund", "support@demo.localhost", "support"),
    person("Finn Okafor", "finance@demo.localhost", "finance"),
    Person { customers: 1..31, ..person("Sofia Reyes", "sales@demo.localhost", "sales") },
    Person { customers: 31..51, ..person("Femi Costa", "field@demo.localhost", "field") },
    person("Vera Novak", "viewer@demo.localhost", "viewer"),
    Person {
        reach: Some(Extent::Assigned),
        customers: 51..81,
        ..person("Anh Pham", "sales.own@demo.localhost", "sales")
    },
    Person {
        reach: Some(Extent::Folder("VIP pipeline")),
        ..person("Nils Berg", "support.vip@demo.localhost", "support")
    },
];

/// Makes them, once.
pub(super) async fn make(store: &Store, owner: &Principal, data_dir: &Path) -> Result<(), Error> {
    let place = data_dir.join(PASSWORD);
    if place.exists() {
        return Ok(());
    }
    let password = passwords::one_time();
    let hashing = password.clone();
    let hash = tokio::task::spawn_blocking(move || passwords::hash(&hashing)).await;
    let hash = hash.map_err(|error| Error::Person(error.to_string()))?;
    let hash = hash.map_err(|error| Error::Person(error.to_string()))?;
    for person in &PEOPLE {
        let user = register(store, owner, person).await?;
        let client = store.app().get().await.map_err(eventstore::Error::from)?;
        let set = credential::set(&client, user, &hash, Maker::Demo).await;
        set.map_err(eventstore::Error::from)?;
    }
    write_secret(&place, &password).map_err(|error| Error::Person(error.to_string()))
}

async fn register(store: &Store, owner: &Principal, person: &Person) -> Result<Uuid, Error> {
    let made = Made { store, key: person.email };
    let data = json!({ "email": person.email, "name": person.name });
    let installation = Principal::system(INSTALLATION);
    let user = made.by(&installation, "user.register", None, data).await?.stream_id;
    let data = json!({ "user": user, "roles": [person.role] });
    made.by(owner, "member.add", Some(user), data).await?;
    let extent = match person.reach {
        Some(Extent::Assigned) => Some(json!({ "assigned": true })),
        Some(Extent::Folder(name)) => {
            let value = domain::folder::name_claim(name);
            let folder = store.holder(owner.organisation, ClaimKind::FolderName, &value).await?;
            let missing = || Error::Person(format!("there is no folder {name}"));
            Some(json!({ "folders": [folder.ok_or_else(missing)?] }))
        }
        None => None,
    };
    if let Some(extent) = extent {
        made.by(owner, "member.set_reach", Some(user), json!({ "read": extent })).await?;
    }
    for number in person.customers.clone() {
        let value = domain::customer::external_id_claim(SOURCE, &number.to_string());
        let found = store.holder(owner.organisation, ClaimKind::ExternalId, &value).await?;
        // Somebody may have erased one meanwhile.
        if let Some(customer) = found {
            let data = json!({ "user": user });
            made.by(owner, "customer.assign_worker", Some(customer), data).await?;
        }
    }
    Ok(user)
}

/// Commands of one person's making, each done once however often it is asked for.
struct Made<'a> {
    store: &'a Store,
    key: &'static str,
}

impl Made<'_> {
    async fn by(
        &self,
        principal: &Principal,
        name: &str,
        target: Option<Uuid>,
        data: Value,
    ) -> Result<Done, Error> {
        let refused = |message: String| Error::Person(format!("{}: {message}", self.key));
        let key = format!("demo {} {name} {target:?}", self.key);
        let id = CommandId::new(Uuid::nil(), key.as_bytes(), &[name.as_bytes()]);
        let options = Options { command: Some(id), ..Options::default() };
        let command = Command::parse(name, target, data);
        let command = command.map_err(|invalid| refused(invalid.to_string()))?;
        let caller = Caller::new(principal.clone(), Source::Cli);
        let done = self.store.execute(&caller, command, &options).await;
        done.map_err(|error| refused(error.to_string()))
    }
}

/// Lines for whoever starts the demo: who may sign in with the demo's password, for as long as it
/// is theirs.
pub(super) async fn lines(store: &Store, data_dir: &Path) -> Result<Vec<String>, Error> {
    let Ok(password) = std::fs::read_to_string(data_dir.join(PASSWORD)) else {
        return Ok(Vec::new());
    };
    let client = store.app().get().await.map_err(eventstore::Error::from)?;
    let in_force = credential::of_demo(&client).await.map_err(eventstore::Error::from)?;
    drop(client);
    let mut lines = Vec::new();
    for person in &PEOPLE {
        let user = store.holder(INSTALLATION, ClaimKind::SignIn, person.email).await?;
        if user.is_some_and(|user| in_force.contains(&user)) {
            let meets = match person.reach {
                Some(Extent::Assigned) => ", meets the customers assigned to them",
                Some(Extent::Folder(_)) => ", meets the customers of one folder",
                None => "",
            };
            lines.push(format!("  {:<27} {}{meets}", person.email, person.role));
        }
    }
    if !lines.is_empty() {
        let head = format!("demo: people who sign in with the password {}", password.trim());
        lines.insert(0, head);
    }
    Ok(lines)
}
