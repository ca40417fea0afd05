//! Undoing what was changed of a customer's e-mails, phones, addresses and outside ids.

use uuid::Uuid;

use crate::Personal;
use crate::customer::{
    AddressRecord, ChangeAddress, Command, EmailRecord, PhoneRecord, RemoveAddress, RemoveEmail,
    RemoveExternalId, RemovePhone, SetExternalId, State,
};
use crate::undo::{Error, again, known, maybe, text};
use crate::value::{AddressEntry, AddressLine, EmailEntry, Phone, PhoneEntry};

/// The customer before the event, and now.
pub(super) struct Around {
    pub(super) before: State,
    pub(super) now: State,
}

impl Around {
    pub(super) fn email_added(&self, new: &EmailRecord) -> Result<Vec<Command>, Error> {
        let gone = Command::RemoveEmail(RemoveEmail { address: text(&new.address)? });
        Ok([gone].into_iter().chain(self.first_email(new.primary)?).collect())
    }

    /// A label can be set, not taken away: where there was none, the e-mail goes and comes again.
    pub(super) fn email_changed(&self, new: &EmailRecord) -> Result<Vec<Command>, Error> {
        let old = self.before.emails.iter().find(|email| email.address == new.address);
        let old = old.ok_or(Error::NotFound)?;
        let mut commands = Vec::new();
        if old.label.is_none() && new.label.is_some() {
            commands.push(Command::RemoveEmail(RemoveEmail { address: text(&new.address)? }));
        }
        commands.push(add_email(old, old.primary)?);
        commands.extend(self.first_email(new.primary && !old.primary)?);
        Ok(commands)
    }

    pub(super) fn email_removed(
        &self,
        address: &Personal<String>,
        primary: bool,
    ) -> Result<Command, Error> {
        let old = self.before.emails.iter().find(|email| email.address == *address);
        add_email(old.ok_or(Error::NotFound)?, primary)
    }

    pub(super) fn phone_added(&self, new: &PhoneRecord) -> Result<Vec<Command>, Error> {
        let gone = Command::RemovePhone(RemovePhone { number: text(&new.number)? });
        Ok([gone].into_iter().chain(self.first_phone(new.primary)?).collect())
    }

    pub(super) fn phone_changed(&self, new: &PhoneRecord) -> Result<Vec<Command>, Error> {
        let old = self.before.phones.iter().find(|phone| phone.number == new.number);
        let old = old.ok_or(Error::NotFound)?;
        let mut commands = Vec::new();
        if old.label.is_none() && new.label.is_some() {
            commands.push(Command::RemovePhone(RemovePhone { number: text(&new.number)? }));
        }
        commands.push(add_phone(old, old.primary)?);
        commands.extend(self.first_phone(new.primary && !old.primary)?);
        Ok(commands)
    }

    pub(super) fn phone_removed(
        &self,
        number: &Personal<String>,
        primary: bool,
    ) -> Result<Command, Error> {
        let old = self.before.phones.iter().find(|phone| phone.number == *number);
        add_phone(old.ok_or(Error::NotFound)?, primary)
    }

    pub(super) fn address_added(&self, new: &AddressRecord) -> Result<Vec<Command>, Error> {
        let gone = Command::RemoveAddress(RemoveAddress { address_id: new.address_id });
        Ok([gone].into_iter().chain(self.first_address(new.primary)?).collect())
    }

    pub(super) fn address_changed(
        &self,
        from: &AddressRecord,
        to: &AddressRecord,
    ) -> Result<Vec<Command>, Error> {
        let first = self.first_address(to.primary && !from.primary)?;
        Ok([change_address(from, from.primary)?].into_iter().chain(first).collect())
    }

    pub(super) fn address_removed(&self, id: Uuid, primary: bool) -> Result<Command, Error> {
        let old = self.before.addresses.iter().find(|record| record.address_id == id);
        let entry = entry(old.ok_or(Error::NotFound)?, primary)?;
        Ok(Command::AddAddress(Box::new(entry)))
    }

    /// The e-mail that was primary becomes so again, if it is still there.
    fn first_email(&self, moved: bool) -> Result<Option<Command>, Error> {
        let first = self.before.emails.iter().find(|email| email.primary && moved);
        let still =
            |old: &EmailRecord| self.now.emails.iter().find(|email| email.address == old.address);
        first.and_then(still).map(|email| add_email(email, true)).transpose()
    }

    fn first_phone(&self, moved: bool) -> Result<Option<Command>, Error> {
        let first = self.before.phones.iter().find(|phone| phone.primary && moved);
        let still =
            |old: &PhoneRecord| self.now.phones.iter().find(|phone| phone.number == old.number);
        first.and_then(still).map(|phone| add_phone(phone, true)).transpose()
    }

    fn first_address(&self, moved: bool) -> Result<Option<Command>, Error> {
        let first = self.before.addresses.iter().find(|record| record.primary && moved);
        let same = |old: &AddressRecord| {
            self.now.addresses.iter().find(|record| record.address_id == old.address_id)
        };
        first.and_then(same).map(|record| change_address(record, true)).transpose()
    }
}

/// The id that another system gave before, or none.
pub(super) fn external_id(
    source: &str,
    before: Option<&Personal<String>>,
) -> Result<Command, Error> {
    let source = again(source)?;
    Ok(match before {
        Some(id) => Command::SetExternalId(SetExternalId { source, id: text(id)? }),
        None => Command::RemoveExternalId(RemoveExternalId { source }),
    })
}

fn add_email(email: &EmailRecord, primary: bool) -> Result<Command, Error> {
    let (address, label) = (text(&email.address)?, maybe(email.label.as_ref())?);
    Ok(Command::AddEmail(EmailEntry { address, label, primary }))
}

/// A number that was read in a country is read in the same one again.
fn add_phone(phone: &PhoneRecord, primary: bool) -> Result<Command, Error> {
    let number: Phone = text(&phone.number)?;
    let meant = phone.e164.as_ref().and_then(Personal::known);
    let country = match meant {
        Some(meant) if number.e164(None).as_ref() != Some(meant) => Phone::country_of(meant),
        Some(_) | None => None,
    };
    let label = maybe(phone.label.as_ref())?;
    Ok(Command::AddPhone(PhoneEntry { number, label, primary, country }))
}

fn change_address(record: &AddressRecord, primary: bool) -> Result<Command, Error> {
    let AddressEntry { id, line1, line2, city, postcode, region, country, label, primary } =
        entry(record, primary)?;
    let change = ChangeAddress {
        address_id: id,
        line1,
        line2,
        city,
        postcode,
        region,
        country,
        label,
        primary,
    };
    Ok(Command::ChangeAddress(Box::new(change)))
}

fn entry(record: &AddressRecord, primary: bool) -> Result<AddressEntry, Error> {
    let address = known(&record.address)?;
    let line = |part: Option<String>| part.map(again::<AddressLine, _>).transpose();
    Ok(AddressEntry {
        id: record.address_id,
        line1: again(address.line1)?,
        line2: line(address.line2)?,
        city: line(address.city)?,
        postcode: line(address.postcode)?,
        region: line(address.region)?,
        country: address.country.map(again).transpose()?,
        label: maybe(record.label.as_ref())?,
        primary,
    })
}
