//! What decisions need to know beside their own stream.

use std::sync::Arc;

use domain::Command;
use domain::access::{self, Action, Facts};
use domain::account::{Account, account_id};
use domain::command::{Fact, Need};
use domain::customer::{self, Customer, CustomerFact, Lineage};
use domain::member::Member;
use domain::order::Order;
use domain::organisation::Organisation;
use domain::rule::Rule;
use domain::team::Team;
use domain::template::Template;
use domain::webhook::{Status, Webhook};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::work::Work;
use super::{Caller, Refused};
use crate::error::Error;
use crate::read::HistoryQuery;
use crate::store::Store;

impl Store {
    /// Hands the command what it needs to know of other streams.
    #[expect(clippy::cognitive_complexity, clippy::too_many_lines, reason = "an arm a need")]
    pub(super) async fn supply(
        &self,
        work: &mut Work,
        caller: &Caller,
        command: &mut Command,
        fresh: bool,
    ) -> Result<(), Refused> {
        let organisation = caller.principal.organisation;
        let rows = caller.principal.rights.rows(Action::CustomerEdit);
        for need in command.needs() {
            let fact = match need {
                Need::Folder(id) => {
                    let folder = self.folder(organisation, id, fresh).await?;
                    Fact::Folder { id, folder: folder.filter(|_| rows.names_folder(id)) }
                }
                Need::DefaultFolder => {
                    let (_, state) =
                        self.load_state::<Organisation>(organisation, organisation, fresh).await?;
                    let folder = match state.default_folder {
                        Some(id) => {
                            self.folder(organisation, id, fresh).await?.map(|folder| (id, folder))
                        }
                        None => None,
                    };
                    Fact::DefaultFolder(folder)
                }
                Need::CustomersFolder => {
                    let id = command.stream_id();
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    let folder = match customer.folder {
                        Some(id) => self.folder(organisation, id, fresh).await?,
                        None => None,
                    };
                    Fact::CustomersFolder(folder)
                }
                Need::Customer(id) => {
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    // Out of reach is not there (FEATURES decision 16).
                    let fact = customer.fact().filter(|customer| within_reach(caller, customer));
                    Fact::Customer { id, customer: fact }
                }
                Need::ArchivedFor => {
                    let customer = command.stream_id();
                    Fact::ArchivedFor(self.archived_for(organisation, customer).await?)
                }
                Need::RemovedFor => {
                    let file = command.stream_id();
                    Fact::RemovedFor(self.removed_for(organisation, file).await?)
                }
                Need::Recipient(id) => {
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    let reached = customer.fact().is_none_or(|fact| within_reach(caller, &fact));
                    let recipient = customer.recipient().filter(|_| reached);
                    Fact::Recipient { id, recipient }
                }
                Need::Lineage(of) => {
                    let own = command.stream_id();
                    let above = self.referrers(work, organisation, of, fresh).await?;
                    Fact::Lineage { of, lineage: Lineage { own, above } }
                }
                Need::Today => {
                    let (_, state) =
                        self.load_state::<Organisation>(organisation, organisation, fresh).await?;
                    let at = caller.occurred_at.unwrap_or_else(Timestamp::now);
                    Fact::Today(at.to_zoned(state.time_zone()).date())
                }
                Need::Member(user) => {
                    let (_, state) = self.load_state::<Member>(organisation, user, fresh).await?;
                    Fact::Member { user, is_member: state.present }
                }
                Need::OtherOwner => {
                    let other = self.other_owner(organisation, command.stream_id()).await?;
                    if let Some((owner, version)) = other {
                        work.rest_on(owner, version);
                    }
                    Fact::OtherOwner(other.is_some())
                }
                Need::Order(id) => {
                    let (_, state) = self.load_state::<Order>(organisation, id, fresh).await?;
                    let order = match state.fact() {
                        Some(order) => {
                            let owner = self.customer(work, organisation, order.customer, fresh);
                            let owner = owner.await?.fact();
                            let reached = owner.is_none_or(|fact| within_reach(caller, &fact));
                            Some(order).filter(|_| reached)
                        }
                        None => None,
                    };
                    Fact::Order { id, order }
                }
                Need::Billed => {
                    let order = command.stream_id();
                    Fact::Billed(self.is_billed(work, organisation, order, fresh).await?)
                }
                Need::Team(id) => {
                    let (_, state) = self.load_state::<Team>(organisation, id, fresh).await?;
                    Fact::Team { id, exists: state.exists && !state.archived }
                }
                Need::Template(id) => {
                    let (_, state) = self.load_state::<Template>(organisation, id, fresh).await?;
                    Fact::Template { id, template: (*state).clone() }
                }
                Need::Webhook(id) => {
                    let (_, state) = self.load_state::<Webhook>(organisation, id, fresh).await?;
                    let exists = matches!(state.status, Status::Active | Status::Disabled);
                    Fact::Webhook { id, exists }
                }
                Need::RuleFor { rule, customer } => {
                    let (_, rule) = self.load_state::<Rule>(organisation, rule, fresh).await?;
                    let customer = self.customer(work, organisation, customer, fresh).await?;
                    let reached = customer.fact().is_none_or(|fact| within_reach(caller, &fact));
                    let customer = if reached { customer } else { Arc::default() };
                    Fact::RuleFor(rule.fact_for(&customer))
                }
            };
            command.supply(&fact);
        }
        Ok(())
    }

    /// Who referred the customer, who referred that one, and so on. Two links made at once could
    /// close a circle that neither of them sees: so the command rests on all that was read here,
    /// and is decided again if any of it changes before it is committed.
    async fn referrers(
        &self,
        work: &mut Work,
        organisation: Uuid,
        of: Uuid,
        fresh: bool,
    ) -> Result<Vec<Uuid>, Error> {
        let mut above = Vec::new();
        let mut next = Some(of);
        while let Some(id) = next {
            let (version, state) =
                match work.stream(id).map(|stream| (stream.version, &stream.state)) {
                    Some((version, state)) => (version, Arc::clone(state).downcast().ok()),
                    None => {
                        let (version, state) =
                            self.load_state::<Customer>(organisation, id, fresh).await?;
                        (version, Some(state))
                    }
                };
            let state: Option<Arc<customer::State>> = state;
            work.rest_on(id, version);
            next = state.and_then(|state| state.referrer).filter(|next| !above.contains(next));
            above.extend(next);
        }
        Ok(above)
    }

    /// Whether an invoice bills the order. One that is issued at the same time has this decided
    /// again.
    async fn is_billed(
        &self,
        work: &mut Work,
        organisation: Uuid,
        order: Uuid,
        fresh: bool,
    ) -> Result<bool, Error> {
        let (_, state) = self.load_state::<Order>(organisation, order, fresh).await?;
        let Some(customer) = state.customer() else { return Ok(false) };
        let account = account_id(customer);
        let (version, state) = self.load_state::<Account>(organisation, account, fresh).await?;
        work.rest_on(account, version);
        Ok(state.billed.contains(&order))
    }

    /// How long ago the log learned that the customer was archived.
    async fn archived_for(
        &self,
        organisation: Uuid,
        customer: Uuid,
    ) -> Result<Option<SignedDuration>, Error> {
        let last = HistoryQuery {
            limit: 1,
            descending: true,
            types: vec!["customer.archived".to_owned()],
            ..HistoryQuery::default()
        };
        let archived = self.read_customer(organisation, customer, &last).await?;
        Ok(archived.first().map(|event| Timestamp::now().duration_since(event.recorded_at)))
    }

    /// How long ago the log learned that the file was removed.
    async fn removed_for(
        &self,
        organisation: Uuid,
        file: Uuid,
    ) -> Result<Option<SignedDuration>, Error> {
        let events = self.read_stream(organisation, file, 0).await?;
        let removed = events.iter().rfind(|event| event.type_name == "file.removed");
        Ok(removed.map(|event| Timestamp::now().duration_since(event.recorded_at)))
    }
}

fn within_reach(caller: &Caller, customer: &CustomerFact) -> bool {
    let facts = Facts { customer: Some(customer.into()), ..Facts::default() };
    access::decide(&caller.principal, Action::CustomerRead, &facts).allowed
}
