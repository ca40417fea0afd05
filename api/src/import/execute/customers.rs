//! A row of a customer file: a new customer, or what is new about a known one.

use domain::Command;
use domain::access::{self, Action, Facts};
use domain::claim::ClaimKind;
use domain::command::Invalid;
use domain::customer::{Customer, State};
use eventstore::{Options, Refused};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::{Address, CustomerRow};
use super::{Done, ImportError, Outcome, Run, judge};

/// A row is tried again when somebody else made its customer in between.
const ATTEMPTS: usize = 3;

impl Run {
    pub(super) async fn customer(&self, row: &CustomerRow) -> Result<Done, ImportError> {
        for _ in 0..ATTEMPTS {
            let known = match &row.external_id {
                Some(id) => self.find(id).await?,
                None => None,
            };
            let done = match known {
                Some(id) => return self.update(id, row).await,
                None => self.create(row).await?,
            };
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Ok(Done::failed(row.row, "conflict", "the customer changes too often".to_owned()))
    }

    /// `None`: the customer was made meanwhile; it is to be updated.
    async fn create(&self, row: &CustomerRow) -> Result<Option<Done>, ImportError> {
        let folder = match self.folder(row).await? {
            Ok(folder) => folder,
            Err(done) => return Ok(Some(done)),
        };
        let command =
            match Command::parse("customer.create", None, create(row, &self.source, folder)) {
                Ok(command) => command,
                Err(invalid) => return Ok(Some(failed(row.row, &invalid))),
            };
        let caller = self.at(row.occurred_at);
        match self.store.execute(&caller, command, &Options::default()).await {
            Ok(done) => {
                if let Some(id) = &row.external_id {
                    self.customers.lock().insert(id.clone(), done.stream_id);
                }
                Ok(Some(Done::new(row.row, Outcome::Created, done.stream_id)))
            }
            Err(Refused::ClaimTaken { kind: ClaimKind::ExternalId, .. }) => Ok(None),
            // Without an outside id the e-mail says who it is: the same file twice is once.
            Err(Refused::ClaimTaken { kind: ClaimKind::Email, holder })
                if row.external_id.is_none() =>
            {
                self.update(holder, row).await.map(Some)
            }
            Err(refused) => judge(row.row, refused).map(Some),
        }
    }

    async fn update(&self, id: Uuid, row: &CustomerRow) -> Result<Done, ImportError> {
        let organisation = self.caller.principal.organisation;
        let (_, state) = self
            .store
            .load::<Customer>(organisation, id)
            .await
            .map_err(|error| ImportError::Stopped(Box::new(error.into())))?;
        let facts = Facts { customer: state.fact().as_ref().map(Into::into), ..Facts::default() };
        if !access::decide(&self.caller.principal, Action::CustomerEdit, &facts).allowed {
            let detail = "another customer has the external id or an e-mail of the row";
            return Ok(Done::failed(row.row, "duplicate_customer", detail.to_owned()));
        }
        let parsed: Result<Vec<Command>, Invalid> = changes(&state, row)
            .into_iter()
            .map(|(name, data)| Command::parse(name, Some(id), data))
            .collect();
        let commands = match parsed {
            Ok(commands) if commands.is_empty() => {
                return Ok(Done::new(row.row, Outcome::Unchanged, id));
            }
            Ok(commands) => commands,
            Err(invalid) => return Ok(failed(row.row, &invalid)),
        };
        // A change of a known customer happens now, whenever the customer began.
        match self.store.execute_all(&self.caller, commands, &Options::default()).await {
            Ok(done) if done.changed => Ok(Done::new(row.row, Outcome::Updated, id)),
            Ok(_) => Ok(Done::new(row.row, Outcome::Unchanged, id)),
            Err(refused) => judge(row.row, refused),
        }
    }

    /// The folder that the row names, by id or name; an unknown one fails the row.
    async fn folder(&self, row: &CustomerRow) -> Result<Result<Option<Uuid>, Done>, ImportError> {
        let Some(name) = &row.folder else { return Ok(Ok(None)) };
        if let Ok(id) = name.parse() {
            return Ok(Ok(Some(id)));
        }
        let cached = self.folders.lock().get(name).copied();
        let found = match cached {
            Some(found) => found,
            None => {
                let organisation = self.caller.principal.organisation;
                let value = domain::folder::name_claim(name);
                let found = self
                    .store
                    .holder(organisation, ClaimKind::FolderName, &value)
                    .await
                    .map_err(|error| ImportError::Stopped(Box::new(error.into())))?;
                self.folders.lock().insert(name.clone(), found);
                found
            }
        };
        Ok(match found {
            Some(id) => Ok(Some(id)),
            None => Err(Done::failed(
                row.row,
                "folder_not_found",
                format!("there is no folder {name:?}; create it, then import again"),
            )),
        })
    }
}

fn failed(row: u64, invalid: &Invalid) -> Done {
    let place = invalid.pointer.trim_start_matches('/');
    let message = if place.is_empty() {
        invalid.detail.clone()
    } else {
        format!("{place}: {}", invalid.detail)
    };
    Done::failed(row, invalid.code, message)
}

/// The body of `customer.create`. A row that names no type is a company if it names one only.
fn create(row: &CustomerRow, source: &str, folder: Option<Uuid>) -> Value {
    let named = row.first_name.is_some() || row.last_name.is_some();
    let kind = row.kind.as_deref().map_or_else(
        || match (named, &row.company_name) {
            (true, _) => "person",
            (false, Some(_)) => "company",
            (false, None) => "other",
        },
        str::trim,
    );
    let mut body = Map::new();
    body.insert("type".to_owned(), json!(kind.to_lowercase()));
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    put("first_name", row.first_name.as_ref().map(|name| json!(name)));
    put("last_name", row.last_name.as_ref().map(|name| json!(name)));
    put("company_name", row.company_name.as_ref().map(|name| json!(name)));
    put("emails", Some(json!(row.emails)));
    put("phones", Some(json!(row.phones)));
    put("addresses", row.address.as_ref().map(|address| json!([address_body(address)])));
    put("tags", Some(json!(row.tags)));
    put("folder", folder.map(|folder| json!(folder)));
    put("status", row.status.as_ref().map(|status| json!(status)));
    put("external_ids", row.external_id.as_ref().map(|id| json!({ source: id })));
    Value::Object(body)
}

fn address_body(address: &Address) -> Value {
    let cells = [
        ("line1", &address.line1),
        ("line2", &address.line2),
        ("city", &address.city),
        ("region", &address.region),
        ("postcode", &address.postcode),
        ("country", &address.country),
    ];
    let filled = cells.into_iter().filter_map(|(name, cell)| Some((name, cell.as_ref()?)));
    filled.map(|(name, cell)| (name.to_owned(), json!(cell))).collect::<Map<_, _>>().into()
}

/// What the row says. Nothing is taken away, since a file is rarely all; what is known already
/// the decider passes over.
fn changes(state: &State, row: &CustomerRow) -> Vec<(&'static str, Value)> {
    let mut changes = Vec::new();
    let mut names = Map::new();
    for (name, cell) in [
        ("first_name", &row.first_name),
        ("last_name", &row.last_name),
        ("company_name", &row.company_name),
    ] {
        if let Some(cell) = cell {
            names.insert(name.to_owned(), json!(cell));
        }
    }
    if !names.is_empty() {
        changes.push(("customer.rename", Value::Object(names)));
    }
    for email in &row.emails {
        changes.push(("customer.add_email", json!({ "address": email })));
    }
    for phone in &row.phones {
        changes.push(("customer.add_phone", json!({ "number": phone })));
    }
    if let Some(address) = &row.address
        && !state.addresses.iter().filter_map(|known| known.address.known()).any(|known| {
            Some(&known.line1) == address.line1.as_ref() && known.postcode == address.postcode
        })
    {
        changes.push(("customer.add_address", address_body(address)));
    }
    for tag in &row.tags {
        changes.push(("customer.tag", json!({ "tag": tag })));
    }
    changes
}
