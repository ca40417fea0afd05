//! A customer as conditions see it: the fields of the catalogue, from its own events.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state::{Presence, State};
use crate::personal::Personal;
use crate::value::Address;

impl State {
    /// The values of the catalogue's fields; nothing before the customer was created and after it
    /// was erased. A phone stands in E.164 where it was understood, else as typed.
    pub fn facts(&self) -> Value {
        match self.presence {
            Presence::Absent | Presence::Erased => Value::Null,
            Presence::Present | Presence::Archived => self.known_facts(),
        }
    }

    fn known_facts(&self) -> Value {
        let known = |value: &Option<Personal<String>>| value.as_ref().and_then(text);
        let emails = self.emails.iter().filter_map(|email| text(&email.address));
        let phones = self
            .phones
            .iter()
            .filter_map(|phone| known(&phone.e164).or_else(|| text(&phone.number)));
        let external: BTreeMap<&str, Value> = self
            .external_ids
            .iter()
            .filter_map(|(source, id)| Some((source.as_str(), text(id)?)))
            .collect();
        let risks = self.risk_flags.values().filter(|flag| flag.open);
        let risks: Vec<&str> = risks.map(|flag| flag.flag_type.name()).collect();
        json!({
            "type": self.customer_type,
            "display_name": self.names.display().as_ref().and_then(text),
            "first_name": known(&self.names.first_name),
            "last_name": known(&self.names.last_name),
            "company_name": known(&self.names.company_name),
            "lifecycle": self.lifecycle,
            "status": self.status,
            "folder": self.folder,
            "tags": self.tags.values().collect::<Vec<_>>(),
            "workers": self.workers,
            "flagged": self.flag.is_some(),
            "external_id": external,
            "emails": emails.collect::<Vec<_>>(),
            "phones": phones.collect::<Vec<_>>(),
            "city": self.parts(|address| address.city.as_ref()),
            "postcode": self.parts(|address| address.postcode.as_ref()),
            "country": self.parts(|address| address.country.as_ref()),
            "under_review": !risks.is_empty(),
            "risk_flags": risks,
        })
    }

    /// One part of every address that has it.
    fn parts(&self, part: impl Fn(&Address) -> Option<&String>) -> Vec<&String> {
        let addresses = self.addresses.iter().filter_map(|record| record.address.known());
        addresses.filter_map(part).collect()
    }
}

fn text(value: &Personal<String>) -> Option<Value> {
    value.known().map(|text| Value::from(text.as_str()))
}
