//! Which fields can be asked for, and of what kind they are.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Op;
use super::event_fields::event_fields;
use crate::access::{FieldGroup, FieldGroups};
use crate::value::words;

words! {
    /// What kind of values a field has.
    Kind {
        Text = "text",
        /// Several texts.
        Texts = "texts",
        /// A word of a short list.
        Label = "label",
        Labels = "labels",
        Number = "number",
        Money = "money",
        Date = "date",
        Instant = "instant",
        Bool = "bool",
        Uuid = "uuid",
        Uuids = "uuids",
    }
}

impl Kind {
    /// The operators that make sense for it.
    pub fn ops(self) -> &'static [Op] {
        use Op::{
            After, Before, Between, Contains, Eq, Gt, Gte, Has, HasAll, HasAny, In, IsEmpty, IsSet,
            Lt, Lte, Ne, Nin, Starts, WithinLast,
        };
        match self {
            Self::Text | Self::Texts | Self::Label => {
                &[Eq, Ne, In, Nin, Starts, Contains, IsEmpty, IsSet]
            }
            Self::Labels | Self::Uuids => &[Has, HasAny, HasAll, IsEmpty, IsSet],
            Self::Number | Self::Money => {
                &[Eq, Ne, In, Nin, Lt, Lte, Gt, Gte, Between, IsEmpty, IsSet]
            }
            Self::Date | Self::Instant => {
                &[Eq, Ne, Lt, Lte, Gt, Gte, Between, WithinLast, Before, After, IsEmpty, IsSet]
            }
            Self::Bool => &[Eq, Ne, IsEmpty, IsSet],
            Self::Uuid => &[Eq, Ne, In, Nin, IsEmpty, IsSet],
        }
    }

    fn textual(self) -> bool {
        matches!(self, Self::Text | Self::Label)
    }
}

/// A field that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its path; one that ends in `.*` stands for every name in the place of the star.
    pub name: Cow<'static, str>,
    pub kind: Kind,
    /// Who does not see this group cannot ask for the field either.
    pub group: FieldGroup,
    /// All its values, where they are few; else empty.
    pub choices: &'static [&'static str],
}

/// The fields that can be asked for in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    fields: BTreeMap<Cow<'static, str>, Field>,
}

impl Catalogue {
    /// The field of this path.
    pub fn get(&self, path: &str) -> Option<&Field> {
        self.fields.get(path).or_else(|| {
            let (prefix, name) = path.rsplit_once('.')?;
            let field = self.fields.get(format!("{prefix}.*").as_str())?;
            (!name.is_empty() && name != "*").then_some(field)
        })
    }

    /// All fields, by name.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.values()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(AsRef::as_ref)
    }

    /// Only the fields of these groups: what is hidden cannot be asked for.
    #[must_use]
    pub fn within(&self, groups: &FieldGroups) -> Self {
        let fields = self.fields.iter().filter(|(_, field)| groups.contains(&field.group));
        Self { fields: fields.map(|(name, field)| (name.clone(), field.clone())).collect() }
    }

    /// The same fields one level down: `status` as `before.status`.
    fn below(&self, prefix: &str) -> Self {
        let fields = self.fields.values().map(|field| {
            let name: Cow<'static, str> = Cow::Owned(format!("{prefix}.{}", field.name));
            (name.clone(), Field { name, ..field.clone() })
        });
        Self { fields: fields.collect() }
    }

    fn add(&mut self, name: Cow<'static, str>, kind: Kind, group: FieldGroup) -> &mut Field {
        let field = Field { name: name.clone(), kind, group, choices: &[] };
        self.fields.entry(name).or_insert(field)
    }

    /// Both; a field of two kinds is a text where both are textual, and else left out.
    fn merged(mut self, other: Self) -> Self {
        for (name, field) in other.fields {
            match self.fields.get_mut(&name) {
                None => {
                    self.fields.insert(name, field);
                }
                Some(known) if known.kind == field.kind => {
                    if known.choices != field.choices {
                        known.choices = &[];
                    }
                }
                Some(known) if known.kind.textual() && field.kind.textual() => {
                    known.kind = Kind::Text;
                    known.choices = &[];
                }
                Some(_) => {
                    self.fields.remove(&name);
                }
            }
        }
        self
    }
}

type Row = (&'static str, Kind, FieldGroup, &'static [&'static str]);

const TYPES: &[&str] = &["person", "company", "supplier", "other"];
const LIFECYCLES: &[&str] = &["active", "dormant"];
pub(super) const RISKS: &[&str] = &[
    "overdue_payment",
    "frequent_refunds",
    "discount_dependency",
    "frequent_claims",
    "delivery_failures",
    "abusive_behavior",
    "cancellation_pattern",
    "manual_flag",
];

/// What a customer's own events tell; `customer::State::facts` has the values.
const CUSTOMER: &[Row] = &[
    ("type", Kind::Label, FieldGroup::Basic, TYPES),
    ("display_name", Kind::Text, FieldGroup::Basic, &[]),
    ("first_name", Kind::Text, FieldGroup::Basic, &[]),
    ("last_name", Kind::Text, FieldGroup::Basic, &[]),
    ("company_name", Kind::Text, FieldGroup::Basic, &[]),
    ("lifecycle", Kind::Label, FieldGroup::Basic, LIFECYCLES),
    ("status", Kind::Label, FieldGroup::Basic, &[]),
    ("folder", Kind::Uuid, FieldGroup::Basic, &[]),
    ("tags", Kind::Labels, FieldGroup::Basic, &[]),
    ("workers", Kind::Uuids, FieldGroup::Basic, &[]),
    ("flagged", Kind::Bool, FieldGroup::Basic, &[]),
    ("external_id.*", Kind::Text, FieldGroup::Basic, &[]),
    ("emails", Kind::Texts, FieldGroup::Contact, &[]),
    ("phones", Kind::Texts, FieldGroup::Contact, &[]),
    ("city", Kind::Texts, FieldGroup::Contact, &[]),
    ("postcode", Kind::Texts, FieldGroup::Contact, &[]),
    ("country", Kind::Texts, FieldGroup::Contact, &[]),
    ("under_review", Kind::Bool, FieldGroup::Risk, &[]),
    ("risk_flags", Kind::Labels, FieldGroup::Risk, RISKS),
];

/// What the customer's account tells; `account::State::facts` has the values.
const ACCOUNT: &[Row] = &[
    ("balance", Kind::Money, FieldGroup::Financial, &[]),
    ("credit_on_account", Kind::Money, FieldGroup::Financial, &[]),
    ("open_invoices", Kind::Number, FieldGroup::Financial, &[]),
];

/// What only the directory knows.
const DIRECTORY: &[Row] = &[
    ("id", Kind::Uuid, FieldGroup::Basic, &[]),
    ("created_at", Kind::Instant, FieldGroup::Basic, &[]),
    ("updated_at", Kind::Instant, FieldGroup::Basic, &[]),
    ("order_count", Kind::Number, FieldGroup::Financial, &[]),
    ("gross", Kind::Money, FieldGroup::Financial, &[]),
    ("credits", Kind::Money, FieldGroup::Financial, &[]),
    ("lifetime_value", Kind::Money, FieldGroup::Insight, &[]),
];

fn build<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for (name, kind, group, choices) in rows {
        catalogue.add(Cow::Borrowed(name), *kind, *group).choices = choices;
        if *kind == Kind::Money {
            catalogue.add(Cow::Owned(format!("{name}.amount")), Kind::Number, *group);
            catalogue.add(Cow::Owned(format!("{name}.currency")), Kind::Label, *group);
        }
    }
    catalogue
}

static OF_CUSTOMER: LazyLock<Catalogue> =
    LazyLock::new(|| build(CUSTOMER.iter().chain(ACCOUNT).chain(DIRECTORY)));

/// What a list of customers can be filtered by.
pub fn catalogue_customer() -> &'static Catalogue {
    &OF_CUSTOMER
}

/// What a rule on this event can ask for: `event.` its data, `before.` and `after.` the customer.
pub fn catalogue_event(name: &str) -> Option<Catalogue> {
    let mut event = Catalogue::default();
    for (field, kind, group) in event_fields(name)? {
        event.add(Cow::Borrowed(field), *kind, *group);
    }
    let customer = build(CUSTOMER.iter().chain(ACCOUNT));
    let customer = customer.below("before").merged(customer.below("after"));
    Some(event.below("event").merged(customer))
}

/// What a rule on any of these events can ask for; unknown names add nothing.
pub fn catalogue_events<'a>(names: impl IntoIterator<Item = &'a str>) -> Catalogue {
    let catalogues = names.into_iter().filter_map(catalogue_event);
    catalogues.reduce(Catalogue::merged).unwrap_or_default()
}

/// What a branch of a rule on any of these events can ask for: beside that, `now.` the customer
/// when the branch is reached.
pub fn catalogue_run<'a>(names: impl IntoIterator<Item = &'a str>) -> Catalogue {
    catalogue_events(names).merged(build(CUSTOMER).below("now"))
}
