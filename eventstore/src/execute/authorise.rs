//! Asks the policy about a command, with what it needs to know of the records in question.

use std::collections::BTreeSet;

use domain::Command;
use domain::access::{self, Action, Denied, Facts, Principal, RowScope};
use domain::customer;
use domain::file::File;
use domain::member::Member;
use domain::order::Order;
use domain::organisation::Organisation;
use domain::quote::Quote;
use domain::service_entry::ServiceEntry;
use domain::task::Task;
use uuid::Uuid;

use super::work::Work;
use super::{Caller, Refused};
use crate::error::Error;
use crate::store::Store;

/// What the policy says of a command that it does not refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    Granted,
    /// The record is out of reach: the command is decided as if it were not there, so that the
    /// answer is that of an unknown id (FEATURES decision 16).
    Hidden,
}

impl Store {
    /// Asks the policy.
    pub(super) async fn authorise(
        &self,
        work: &Work,
        caller: &Caller,
        command: &Command,
        fresh: bool,
    ) -> Result<Sight, Refused> {
        let organisation = caller.principal.organisation;
        let mut facts = Facts { organisation: Some(organisation), ..Facts::default() };
        let mut begins_one = false;
        if let Some(id) = self.subject(organisation, command, fresh).await? {
            let state = self.customer(work, organisation, id, fresh).await?;
            facts.customer = state.fact().as_ref().map(Into::into);
            if let Command::Customer { id: _, command } = command {
                facts.note_scope = command.note_scope(&state);
                begins_one = command.writes_new_note();
            }
            if let Command::File { id, command } = command {
                let (_, file) = self.load_state::<File>(organisation, *id, fresh).await?;
                facts.note_scope = command.scope(&file);
                begins_one = command.is_upload();
            }
        }
        if let Command::Customer { id: _, command: customer::Command::Create(create) } = command {
            self.authorise_place(caller, create, fresh).await?;
        }
        let action = command.permission();
        let rights = &caller.principal.rights;
        if let Command::Folder { id, command: _ } = command
            && !command.creates()
            && rights.may(action)
            && !rights.rows(Action::CustomerRead).names_folder(*id)
        {
            return Ok(Sight::Hidden);
        }
        let decision = access::decide(&caller.principal, action, &facts);
        if decision.allowed {
            self.authorise_gift(caller, command, fresh).await?;
            return Ok(Sight::Granted);
        }
        let general = Facts { organisation: Some(organisation), ..Facts::default() };
        // Who reads the record may know that they cannot change it.
        let reads =
            |facts: &Facts| access::decide(&caller.principal, Action::CustomerRead, facts).allowed;
        let record = Facts { note_scope: None, ..facts.clone() };
        let is_seen = if begins_one { reads(&record) } else { reads(&facts) };
        if !is_seen && access::decide(&caller.principal, action, &general).allowed {
            return if reads(&record) { Err(Refused::NotFound) } else { Ok(Sight::Hidden) };
        }
        Err(Refused::Denied(Denied { action, reason: decision.reason }))
    }

    /// Nobody registers a customer whom they would not find again.
    async fn authorise_place(
        &self,
        caller: &Caller,
        create: &customer::Create,
        fresh: bool,
    ) -> Result<(), Refused> {
        let Principal { organisation, rights, .. } = &caller.principal;
        let action = Action::CustomerCreate;
        let rows = rights.rows(action);
        if rows == RowScope::All || !rights.may(action) {
            return Ok(());
        }
        let (_, state) =
            self.load_state::<Organisation>(*organisation, *organisation, fresh).await?;
        if rows.covers(&create.placement(state.default_folder)) {
            return Ok(());
        }
        let reason = "the customer would be out of your reach; name a folder that is within it";
        Err(Refused::Denied(Denied { action, reason }))
    }

    /// Nobody hands out what they do not have themselves, nor changes those who may do more.
    async fn authorise_gift(
        &self,
        caller: &Caller,
        command: &Command,
        fresh: bool,
    ) -> Result<(), Refused> {
        let Principal { organisation, rights, .. } = &caller.principal;
        let (mut touched, mut wanted) = (BTreeSet::new(), None);
        let mut in_reach = true;
        if let Command::Member { id, command } = command {
            let (_, member) = self.load_state::<Member>(*organisation, *id, fresh).await?;
            touched.extend(&member.roles);
            touched.extend(command.roles());
            in_reach = rights.are_unlimited();
        }
        // Who is in a team decides whose customers are met by everybody who reaches the team.
        if matches!(command, Command::Team { .. }) {
            in_reach = rights.are_unlimited();
        }
        if let Command::Role { id: _, command } = command {
            touched.insert(command.role());
            wanted = Some(command.wanted());
        }
        let given = self.roles(*organisation, &touched).await?;
        if in_reach && given.iter().chain(&wanted).all(|role| rights.include(role)) {
            return Ok(());
        }
        let reason = "you cannot give what you do not have yourself, nor change who may do more";
        Err(Refused::Denied(Denied { action: command.permission(), reason }))
    }

    /// The customer, if any, whose reach decides about the command.
    async fn subject(
        &self,
        organisation: Uuid,
        command: &Command,
        fresh: bool,
    ) -> Result<Option<Uuid>, Error> {
        if let Command::Customer { id: _, command } = command
            && command.is_create()
        {
            return Ok(None);
        }
        match (command.customer(), command) {
            (None, Command::Task { id, command: _ }) => {
                Ok(self.load_state::<Task>(organisation, *id, fresh).await?.1.customer)
            }
            (None, Command::Order { id, command: _ }) => {
                Ok(self.load_state::<Order>(organisation, *id, fresh).await?.1.customer())
            }
            (None, Command::Quote { id, command: _ }) => {
                let (_, quote) = self.load_state::<Quote>(organisation, *id, fresh).await?;
                Ok(Option::as_ref(&quote).map(|quote| quote.customer))
            }
            (None, Command::ServiceEntry { id, command: _ }) => {
                let (_, entry) = self.load_state::<ServiceEntry>(organisation, *id, fresh).await?;
                Ok(Option::as_ref(&entry).map(|entry| entry.subject.customer))
            }
            (None, Command::File { id, command: _ }) => {
                let (_, file) = self.load_state::<File>(organisation, *id, fresh).await?;
                Ok(Option::as_ref(&file).map(|file| file.subject.customer))
            }
            (subject, _) => Ok(subject),
        }
    }
}
