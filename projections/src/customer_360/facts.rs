//! What follows from a view: the name to show, and what conditions can ask for.

use std::collections::BTreeSet;

use domain::Personal;
use domain::access::Scope;
use domain::customer::Names;
use domain::value::Address;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::finance::Finance;
use super::view::View;
use crate::shown::Shown;

impl View {
    /// The name to show: the person's, else the company's, else what else there is.
    pub fn display_name(&self) -> Shown<String> {
        let inner = |name: &Option<Shown<String>>| name.as_ref().map(|name| name.0.clone());
        let names = Names {
            first_name: inner(&self.first_name),
            last_name: inner(&self.last_name),
            company_name: inner(&self.company_name),
        };
        let email = || self.emails.first().map(|email| email.address.clone());
        let phone = || self.phones.first().map(|phone| phone.number.clone());
        let unnamed = || match self.erased_at {
            Some(_) => Shown(Personal::Erased),
            None => Shown(Personal::Known("Unnamed".to_owned())),
        };
        names.display().map(Shown).or_else(email).or_else(phone).unwrap_or_else(unnamed)
    }

    /// Whether the tag for very important people is on it.
    pub fn is_vip(&self) -> bool {
        self.tags.contains_key("vip")
    }

    /// What conditions can ask for, by the names of [`domain::condition::catalogue_customer`].
    /// Times are those of what the reader sees.
    pub fn facts(&self, scope: &Scope) -> Value {
        let part = |part: fn(&Address) -> Option<&String>| -> Vec<&String> {
            let known = self.addresses.iter().filter_map(|entry| entry.address.known());
            known.filter_map(part).collect()
        };
        let money = |amount: fn(&Finance) -> Decimal| -> Vec<Value> {
            let finance = self.finance.iter();
            finance
                .map(|(currency, finance)| json!({"amount": amount(finance), "currency": currency}))
                .collect()
        };
        let risks: BTreeSet<&str> =
            self.risk_flags.iter().map(|flag| flag.flag_type.name()).collect();
        let phones = self.phones.iter();
        json!({
            "id": self.id,
            "type": self.customer_type,
            "display_name": self.display_name(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company_name": self.company_name,
            "lifecycle": self.lifecycle,
            "status": self.status,
            "folder": self.folder,
            "tags": self.tags.values().collect::<Vec<_>>(),
            "workers": self.workers,
            "flagged": self.flag.is_some(),
            "external_id": self.external_ids,
            "emails": self.emails.iter().map(|email| &email.address).collect::<Vec<_>>(),
            "phones": phones.map(|p| p.e164.as_ref().unwrap_or(&p.number)).collect::<Vec<_>>(),
            "city": part(|address| address.city.as_ref()),
            "postcode": part(|address| address.postcode.as_ref()),
            "country": part(|address| address.country.as_ref()),
            "under_review": !risks.is_empty(),
            "risk_flags": risks,
            "created_at": self.created_at,
            "updated_at": self.mark(scope).updated_at,
            "order_count": self.finance.values().map(|finance| finance.order_count).sum::<u32>(),
            "gross": money(|finance| finance.gross),
            "credits": money(|finance| finance.credits),
            "lifetime_value": money(Finance::lifetime_value),
            "balance": money(|finance| finance.balance),
            "credit_on_account": money(|finance| finance.credit_on_account),
            "open_invoices": self.finance.values().map(Finance::open_count).sum::<usize>(),
        })
    }
}
