//! Everything about one customer on one page: the profile with its counters and figures, notes
//! and interactions.

mod body;
mod contact;
mod facts;
mod finance;
mod notes;
mod query;
mod referrals;
mod view;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::document::stored_as_documents;
use crate::item::Item;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};

pub(crate) use body::time;
pub use body::{body, row};
pub use finance::{Finance, OpenInvoice};
use notes::Stays;
pub use notes::{Interaction, Note};
pub use query::{
    Answer, Found, get, get_strong, interactions, interactions_as_of, notes, notes_as_of, seen,
};
pub(crate) use query::{
    answer, customer_of, fold_history, history, names_for, names_of, within_reach,
};
pub use referrals::{referrals, referrals_as_of};
pub use view::{AddressEntry, Dormant, Email, Flag, Phone, RiskFlag, View};

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Customer360;

/// A row: the customer itself, or something of theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    Customer(Box<View>),
    Note(Box<Note>),
    /// One that can be restored.
    DeletedNote(Box<Note>),
    Interaction(Box<Interaction>),
}

impl ReadModel for Customer360 {
    type Row = Row;

    const NAME: &'static str = "customer_360";
    const VERSION: i32 = 6;
    const TABLES: &'static str = include_str!("customer_360/tables.sql");
    const INDEXES: &'static str = include_str!("customer_360/indexes.sql");
    const EVENTS: &'static [&'static str] =
        &["customer", "message", "order", "account", "task", "file"];

    fn touches(item: &Item) -> Touch {
        let Some(customer) = item.customer_id else { return Touch::Nothing };
        let part = |name: &str| -> Option<Uuid> {
            item.body.get(name).and_then(|id| serde_json::from_value(id.clone()).ok())
        };
        let part = match item.type_name.as_str() {
            "customer.erased" => return Touch::Subject,
            "customer.interaction_logged" => part("interaction_id"),
            name if name.starts_with("customer.note_") => part("note_id"),
            _ => None,
        };
        match part {
            Some(part) => Touch::Rows(vec![customer, part]),
            None => Touch::Row(customer),
        }
    }

    fn fold(key: Key, row: &mut Option<Row>, item: &Item) -> Result<(), Unfoldable> {
        match row {
            Some(Row::Customer(view)) => view.apply(item),
            Some(Row::Note(note) | Row::DeletedNote(note)) => {
                let stays = note.apply(item)?;
                let note = note.clone();
                *row = match stays {
                    Stays::Yes => Some(Row::Note(note)),
                    Stays::Hidden => Some(Row::DeletedNote(note)),
                    Stays::No => None,
                };
                Ok(())
            }
            Some(Row::Interaction(_)) => {
                if Interaction::stays(item)? == Stays::No {
                    *row = None;
                }
                Ok(())
            }
            None if item.customer_id == Some(key.id) => {
                *row = View::begun_by(item)?.map(|view| Row::Customer(Box::new(view)));
                Ok(())
            }
            None => {
                *row = begun_by(item)?;
                Ok(())
            }
        }
    }

    fn subject(key: Key, row: &Row) -> Uuid {
        match row {
            Row::Customer(_) => key.id,
            Row::Note(note) | Row::DeletedNote(note) => note.customer,
            Row::Interaction(interaction) => interaction.customer,
        }
    }

    stored_as_documents!();
}

/// The note or interaction that begins with this event, if one does.
fn begun_by(item: &Item) -> Result<Option<Row>, Unfoldable> {
    let note = Note::begun_by(item)?.map(|note| Row::Note(Box::new(note)));
    let interaction = Interaction::begun_by(item)?.map(|row| Row::Interaction(Box::new(row)));
    Ok(note.or(interaction))
}
