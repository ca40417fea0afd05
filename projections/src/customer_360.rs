//! Everything about one customer on one page: the profile with its counters and figures, notes
//! and interactions.

mod body;
mod contact;
mod notes;
mod query;
mod view;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::document::stored_as_documents;
use crate::item::Item;
use crate::read_model::{Key, ReadModel, Touch, Unfoldable};

pub(crate) use body::time;
pub use body::{body, row};
pub use notes::{Interaction, Note};
pub use query::{Answer, Found, get, get_strong, interactions, notes};
pub(crate) use query::{answer, customer_of, fold_history, history, names_for, within_reach};
pub use view::{AddressEntry, Dormant, Email, Finance, Flag, Phone, RiskFlag, View};

/// The read model.
#[derive(Debug, Clone, Copy)]
pub struct Customer360;

/// A row: the customer itself, or something of theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Row {
    Customer(Box<View>),
    Note(Box<Note>),
    Interaction(Box<Interaction>),
}

impl ReadModel for Customer360 {
    type Row = Row;

    const NAME: &'static str = "customer_360";
    const VERSION: i32 = 1;
    const TABLES: &'static str = include_str!("customer_360/tables.sql");
    const INDEXES: &'static str = include_str!("customer_360/indexes.sql");
    const EVENTS: &'static [&'static str] = &["customer", "order", "task"];

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

    fn fold(key: Key, row: Option<Row>, item: &Item) -> Result<Option<Row>, Unfoldable> {
        let new_note = item.type_name == "customer.note_added";
        match row {
            Some(Row::Customer(view)) => Ok(customer(View::apply(Some(*view), item)?)),
            None if item.customer_id == Some(key.id) => Ok(customer(View::apply(None, item)?)),
            Some(Row::Note(row)) => Ok(note(Note::apply(Some(*row), item)?)),
            None if new_note => Ok(note(Note::apply(None, item)?)),
            Some(Row::Interaction(row)) => Ok(interaction(Interaction::apply(Some(*row), item)?)),
            None => Ok(interaction(Interaction::apply(None, item)?)),
        }
    }

    fn subject(key: Key, row: &Row) -> Uuid {
        match row {
            Row::Customer(_) => key.id,
            Row::Note(note) => note.customer,
            Row::Interaction(interaction) => interaction.customer,
        }
    }

    stored_as_documents!();
}

fn customer(view: Option<View>) -> Option<Row> {
    view.map(|view| Row::Customer(Box::new(view)))
}

fn note(note: Option<Note>) -> Option<Row> {
    note.map(|note| Row::Note(Box::new(note)))
}

fn interaction(interaction: Option<Interaction>) -> Option<Row> {
    interaction.map(|interaction| Row::Interaction(Box::new(interaction)))
}
