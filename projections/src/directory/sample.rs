//! Made-up customers whose names are as frequent as real ones, for tests and for `dossier bench`.
//! The same seed and number always make the same customer.

mod names;

use domain::value::NoteScope;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::Entry;
use crate::audience::{Audience, Mark, Marks};
use names::{
    BEGINNINGS, DIALLING, ENDS, FIRST_NAMES, FORMS, MAIL_HOSTS, MIDDLES, STATUSES, SURNAMES, TRADES,
};

/// The moment that made-up times are counted from: 2024-01-01.
const EPOCH_SECONDS: i64 = 1_704_067_200;
const TWO_YEARS_SECONDS: u64 = 63_072_000;

/// The customers of one organisation.
#[derive(Debug, Clone)]
pub struct Sample {
    organisation: Uuid,
    seed: u64,
    count: u64,
    first_names: Weights,
    surnames: Weights,
    folders: Weights,
    tags: Weights,
    hosts: Weights,
}

impl Sample {
    /// Common folders, a Zipf-like share each.
    pub const FOLDERS: u64 = 30;
    /// Common tags, from "vip" on.
    pub const TAGS: u64 = 40;
    pub const WORKERS: u64 = 200;

    #[must_use]
    pub fn new(organisation: Uuid, seed: u64, count: u64) -> Self {
        Self {
            organisation,
            seed,
            count,
            first_names: Weights::zipf(FIRST_NAMES.len(), 8),
            surnames: Weights::zipf(SURNAMES.len(), 20),
            folders: Weights::zipf(30, 1),
            tags: Weights::zipf(40, 1),
            hosts: Weights::zipf(MAIL_HOSTS.len(), 1),
        }
    }

    /// A folder: the common ones by number, then [`Self::small_folder`].
    #[must_use]
    pub fn folder(&self, number: u64) -> Uuid {
        self.id("folder", number)
    }

    /// A folder with about 500 customers.
    #[must_use]
    pub fn small_folder(&self) -> Uuid {
        self.folder(Self::FOLDERS)
    }

    #[must_use]
    pub fn worker(&self, number: u64) -> Uuid {
        self.id("worker", number)
    }

    /// A worker with about 300 customers.
    #[must_use]
    pub fn worker_of_few(&self) -> Uuid {
        self.worker(Self::WORKERS)
    }

    /// A worker with about 20,000 customers, if there are more than that.
    #[must_use]
    pub fn worker_of_many(&self) -> Uuid {
        self.worker(Self::WORKERS + 1)
    }

    /// A common tag by number; 0 is "vip".
    #[must_use]
    pub fn tag(number: usize) -> String {
        if number == 0 { "vip".to_owned() } else { format!("tag-{number}") }
    }

    /// A tag that about 100 customers have.
    #[must_use]
    pub fn rare_tag() -> String {
        "rare".to_owned()
    }

    /// The id of a customer, whatever becomes of it.
    #[must_use]
    pub fn customer(&self, number: u64) -> Uuid {
        self.id("customer", number)
    }

    /// All customers, in order of their numbers.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        (0..self.count).map(|number| self.entry(number))
    }

    /// The customer with this number.
    #[must_use]
    pub fn entry(&self, number: u64) -> Entry {
        let mut dice = self.dice("customer", number);
        let name = self.name(&mut dice);
        let status = dice.pick(STATUSES);
        let updated = dice.below(TWO_YEARS_SECONDS);
        let mut entry = Entry {
            organisation: self.organisation,
            customer: self.customer(number),
            kind: name.kind.to_owned(),
            emails: self.emails(&mut dice, &name, number),
            display_name: name.shown,
            first_name: name.first,
            last_name: name.last,
            company_name: name.company,
            phones: phones(&mut dice),
            external_ids: external_ids(&mut dice, number),
            folder: self.folder_of(&mut dice, number),
            status: Some(status.to_owned()),
            tags: self.tags_of(&mut dice, number),
            workers: self.workers_of(&mut dice, number),
            lifecycle: if dice.one_in(12) { "dormant" } else { "active" }.to_owned(),
            flagged: dice.one_in(50).then(|| "pays late".to_owned()),
            open_risk_flags: i32::from(dice.one_in(100)),
            archived: dice.one_in(20),
            version: 1 + i64::try_from(dice.below(40)).unwrap_or(0),
            position: 1 + i64::try_from(number).unwrap_or(0),
            created_at: time(0),
            updated_at: time(updated),
            last_activity_at: time(updated),
            marks: self.marks_of(number, updated),
            document: json!(null),
        };
        entry.document = document(&entry);
        entry
    }

    /// What happened last was for any audience, and there was something for everybody before.
    fn marks_of(&self, number: u64, updated: u64) -> Marks {
        let mut dice = self.dice("marks", number);
        let mut marks = Marks::new();
        for audience in [Audience::Everybody, Audience::Contact, Audience::Financial] {
            if audience == Audience::Everybody || dice.one_in(2) {
                marks.insert(audience, mark(dice.below(updated + 1)));
            }
        }
        let last = match dice.below(3) {
            0 => Audience::Everybody,
            1 => Audience::Financial,
            _ => Audience::Notes(NoteScope::Internal),
        };
        marks.insert(last, mark(updated));
        marks
    }

    fn name(&self, dice: &mut Dice) -> Name {
        if dice.one_in(7) {
            let company = self.company(dice);
            let kind = if dice.one_in(10) { "supplier" } else { "company" };
            return Name {
                kind,
                shown: company.clone(),
                first: None,
                last: None,
                company: Some(company),
            };
        }
        let mut first = self.first_name(dice).to_owned();
        if dice.one_in(7) {
            first = format!("{first} {}", self.first_name(dice));
        }
        let mut last = self.surname(dice);
        if dice.one_in(16) {
            last = format!("{last}-{}", self.surname(dice));
        }
        let company = dice.one_in(4).then(|| self.company(dice));
        let kind = if dice.one_in(200) { "other" } else { "person" };
        Name {
            kind,
            shown: format!("{first} {last}"),
            first: Some(first),
            last: Some(last),
            company,
        }
    }

    fn first_name(&self, dice: &mut Dice) -> &'static str {
        self.first_names.pick(dice, FIRST_NAMES)
    }

    /// Two of five have one of the rare ones.
    fn surname(&self, dice: &mut Dice) -> String {
        if dice.below(5) < 3 {
            return self.surnames.pick(dice, SURNAMES).to_owned();
        }
        format!("{}{}{}", dice.pick(BEGINNINGS), dice.pick(MIDDLES), dice.pick(ENDS))
    }

    fn company(&self, dice: &mut Dice) -> String {
        let name = self.surname(dice);
        format!("{name} {} {}", dice.pick(TRADES), dice.pick(FORMS))
    }

    fn emails(&self, dice: &mut Dice, name: &Name, number: u64) -> Vec<String> {
        let mut emails = Vec::new();
        if !dice.one_in(10) {
            let local = match (&name.first, &name.last) {
                (Some(first), Some(last)) => {
                    format!("{} {last}", first.split(' ').next().unwrap_or(first))
                }
                (Some(_) | None, _) => "info".to_owned(),
            };
            // An address is one customer's in an organisation.
            let local = crate::text::normalise(&local).replace(' ', ".");
            emails.push(if dice.below(5) < 3 {
                format!("{local}{number}@{}", self.hosts.pick(dice, MAIL_HOSTS))
            } else {
                let host = crate::text::normalise(&self.surname(dice)).replace(' ', "-");
                format!("{local}.{number}@{host}{}.example", dice.below(9))
            });
        }
        if dice.one_in(10) {
            emails.push(format!("c{number}@office.example"));
        }
        emails
    }

    fn folder_of(&self, dice: &mut Dice, number: u64) -> Option<Uuid> {
        let common = self.folders.draw(dice);
        if self.one_of(number, 500, 3) {
            return Some(self.small_folder());
        }
        (!dice.one_in(40)).then(|| self.folder(common))
    }

    fn tags_of(&self, dice: &mut Dice, number: u64) -> Vec<String> {
        let mut tags: Vec<String> = (0..dice.below(3))
            .map(|_| Self::tag(usize::try_from(self.tags.draw(dice)).unwrap_or(0)))
            .collect();
        if self.one_of(number, 100, 7) {
            tags.push(Self::rare_tag());
        }
        tags.sort();
        tags.dedup();
        tags
    }

    fn workers_of(&self, dice: &mut Dice, number: u64) -> Vec<Uuid> {
        let mut workers: Vec<Uuid> =
            (0..dice.below(3)).map(|_| self.worker(dice.below(Self::WORKERS))).collect();
        if self.one_of(number, 300, 0) {
            workers.push(self.worker_of_few());
        }
        if self.one_of(number, 20_000, 1) {
            workers.push(self.worker_of_many());
        }
        workers.sort();
        workers.dedup();
        workers
    }

    /// Whether this is one of about `many` customers, spread evenly.
    fn one_of(&self, number: u64, many: u64, start: u64) -> bool {
        let step = self.count / many;
        step > 1 && number % step == start % step
    }

    fn id(&self, of: &str, number: u64) -> Uuid {
        let mut dice = self.dice(of, number);
        Uuid::from_u64_pair(dice.roll(), dice.roll())
    }

    fn dice(&self, of: &str, number: u64) -> Dice {
        let (high, low) = self.organisation.as_u64_pair();
        let mut dice = Dice { state: self.seed };
        for part in [high, low, number].into_iter().chain(of.bytes().map(u64::from)) {
            dice.state = dice.roll() ^ part;
        }
        dice
    }
}

struct Name {
    kind: &'static str,
    shown: String,
    first: Option<String>,
    last: Option<String>,
    company: Option<String>,
}

fn phones(dice: &mut Dice) -> Vec<String> {
    (0..=dice.below(6) / 3)
        .filter_map(|_| {
            let (country, digits) = DIALLING.get(usize::try_from(dice.below(10)).ok()?)?;
            let least = 10_u64.pow(digits - 1);
            Some(format!("+{country}{}", least + dice.below(least * 9)))
        })
        .collect()
}

fn external_ids(dice: &mut Dice, number: u64) -> Vec<(String, String)> {
    match dice.below(10) {
        0..=4 => vec![("shop".to_owned(), format!("{}", 10_000 + number))],
        5 | 6 => vec![("erp".to_owned(), format!("C-{:07}", number * 7))],
        _ => Vec::new(),
    }
}

fn document(entry: &Entry) -> serde_json::Value {
    json!({
        "id": entry.customer, "type": entry.kind, "display_name": entry.display_name,
        "first_name": entry.first_name, "last_name": entry.last_name, "company_name": entry.company_name,
        "emails": entry.emails, "phones": entry.phones, "lifecycle": entry.lifecycle, "status": entry.status,
        "folder": entry.folder, "tags": entry.tags, "workers": entry.workers,
        "version": entry.version, "created_at": entry.created_at, "updated_at": entry.updated_at,
        "last_activity_at": entry.last_activity_at,
    })
}

fn mark(seconds: u64) -> Mark {
    Mark { position: 1, updated_at: time(seconds), last_activity_at: time(seconds) }
}

fn time(seconds: u64) -> Timestamp {
    let seconds = EPOCH_SECONDS.saturating_add_unsigned(seconds);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The generator `SplitMix64`.
#[derive(Debug)]
struct Dice {
    state: u64,
}

impl Dice {
    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.roll() % most.max(1)
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let at = self.below(u64::try_from(from.len()).unwrap_or(1));
        usize::try_from(at).ok().and_then(|at| from.get(at)).copied().unwrap_or("")
    }
}

/// Draws the first often and the last seldom.
#[derive(Debug, Clone)]
struct Weights {
    sums: Vec<u64>,
}

impl Weights {
    /// The weight of the n-th is 1 / (n + flat): the greater `flat`, the less the first stand out.
    fn zipf(many: usize, flat: u64) -> Self {
        let weights = (flat..).take(many).map(|n| 1_000_000_000 / n.max(1));
        let sums = weights.scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    fn draw(&self, dice: &mut Dice) -> u64 {
        let drawn = dice.below(self.sums.last().copied().unwrap_or(1));
        u64::try_from(self.sums.partition_point(|sum| *sum <= drawn)).unwrap_or(0)
    }

    fn pick(&self, dice: &mut Dice, from: &[&'static str]) -> &'static str {
        usize::try_from(self.draw(dice)).ok().and_then(|at| from.get(at)).copied().unwrap_or("")
    }
}
