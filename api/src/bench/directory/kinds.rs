//! The kinds of searches, with what is expected of each.

use projections::directory::sample::Sample;
use projections::directory::{Entry, Filters, Scope};

/// A way to search.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What somebody types who looks for this customer; `None` where it has no such thing.
    pub(super) text: fn(&Entry) -> Option<String>,
    pub(super) scope: Reach,
    pub(super) goal: Speed,
    /// Whether the first page must hold the very customer.
    pub(super) must_find: bool,
    /// How often the first page should hold the right name.
    pub(super) recall: Option<u64>,
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Everybody,
    /// The customers of a worker who has 300.
    Few,
    /// The customers of a worker who has 20,000.
    Many,
    Folder,
    Tag,
    Status,
    FolderAndStatus,
    FolderStatusAndTag,
}

/// How long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speed {
    OneWord,
    TwoWords,
    Misspelt,
    /// More than two filters: only the longest is judged.
    Any,
}

impl Speed {
    /// Milliseconds: of the middle, and of the longest.
    pub(super) fn bounds(self) -> (Option<f64>, f64) {
        match self {
            Self::OneWord => (Some(2.0), 50.0),
            Self::TwoWords => (Some(10.0), 50.0),
            Self::Misspelt => (Some(20.0), 60.0),
            Self::Any => (None, 50.0),
        }
    }
}

impl Reach {
    pub(super) fn of(self, sample: &Sample) -> Scope {
        let worker = match self {
            Self::Few => sample.worker_of_few(),
            Self::Many => sample.worker_of_many(),
            Self::Everybody
            | Self::Folder
            | Self::Tag
            | Self::Status
            | Self::FolderAndStatus
            | Self::FolderStatusAndTag => return Scope::All,
        };
        Scope::Within { folders: Vec::new(), workers: vec![worker] }
    }

    /// With the values of the customer who is looked for.
    pub(super) fn filters(self, sample: &Sample, entry: &Entry) -> Filters {
        let folder = || Some(entry.folder.map_or_else(|| vec![sample.folder(0)], |id| vec![id]));
        let status = || entry.status.clone().map(|status| vec![status]);
        let tag = || entry.tags.iter().take(1).cloned().collect();
        let none = Filters::default();
        match self {
            Self::Everybody | Self::Few | Self::Many => none,
            Self::Folder => Filters { folders: folder(), ..none },
            Self::Tag => Filters { tags: tag(), ..none },
            Self::Status => Filters { statuses: status(), ..none },
            Self::FolderAndStatus => Filters { folders: folder(), statuses: status(), ..none },
            Self::FolderStatusAndTag => {
                Filters { folders: folder(), statuses: status(), tags: tag(), ..none }
            }
        }
    }

    /// Whether a customer can be looked for within it.
    pub(super) fn covers(self, sample: &Sample, entry: &Entry) -> bool {
        match self {
            Self::Everybody | Self::Many | Self::Status => true,
            Self::Few => entry.workers.contains(&sample.worker_of_few()),
            Self::Folder | Self::FolderAndStatus => entry.folder.is_some(),
            Self::Tag | Self::FolderStatusAndTag => !entry.tags.is_empty(),
        }
    }
}

pub(super) fn all() -> Vec<Kind> {
    let kind = |name, text, goal| Kind {
        name,
        text,
        scope: Reach::Everybody,
        goal,
        must_find: false,
        recall: None,
    };
    let exactly = |name, text, goal| Kind { must_find: true, ..kind(name, text, goal) };
    let within = |name, text, scope, goal| Kind { scope, ..kind(name, text, goal) };
    let misspelt = |name, text| Kind { recall: Some(57), ..kind(name, text, Speed::Misspelt) };
    use Speed::{Any, OneWord, TwoWords};
    vec![
        kind("1 letter", |e| head(last(e)?, 1), OneWord),
        kind("2 letters", |e| head(last(e)?, 2), OneWord),
        kind("3 letters", |e| head(last(e)?, 3), OneWord),
        kind("5 letters", |e| head(last(e)?, 5), OneWord),
        kind("inside a word, 4 letters", |e| inside(last(e)?, 4), OneWord),
        kind("inside a word, 5 letters", |e| inside(last(e)?, 5), OneWord),
        kind("company", |e| e.company_name.as_ref()?.split(' ').next().map(str::to_owned), OneWord),
        kind("nothing to be found", |e| Some(format!("{}qzx@nowhere.example", e.version)), OneWord),
        exactly("e-mail", |e| e.emails.first().cloned(), OneWord),
        kind("beginning of an e-mail", |e| head(e.emails.first()?, 6), OneWord),
        kind("domain", |e| Some(format!("@{}", e.emails.first()?.split_once('@')?.1)), OneWord),
        exactly("phone", |e| e.phones.first().cloned(), OneWord),
        exactly("last 7 digits of a phone", |e| tail(e.phones.first()?, 7), OneWord),
        kind("last 4 digits of a phone", |e| tail(e.phones.first()?, 4), OneWord),
        exactly("outside id", |e| Some(e.external_ids.first()?.1.clone()), OneWord),
        kind("two words, 3 and 4 letters", |e| two(first(e)?, 3, last(e)?, 4), TwoWords),
        kind("two words, 2 and 2 letters", |e| two(first(e)?, 2, last(e)?, 2), TwoWords),
        kind("last name first", |e| two(last(e)?, 99, first(e)?, 99), TwoWords),
        kind("full name", |e| two(first(e)?, 99, last(e)?, 99), TwoWords),
        kind("full name in capitals", |e| Some(full(e)?.to_uppercase()), TwoWords),
        within("300 visible, 2 letters", |e| head(last(e)?, 2), Reach::Few, OneWord),
        within("300 visible, 3 letters", |e| head(last(e)?, 3), Reach::Few, OneWord),
        within("300 visible, full name", full, Reach::Few, OneWord),
        within("300 visible, 4 digits", |e| tail(e.phones.first()?, 4), Reach::Few, OneWord),
        within("20,000 visible, 3 letters", |e| head(last(e)?, 3), Reach::Many, TwoWords),
        within("folder, 3 letters", |e| head(last(e)?, 3), Reach::Folder, TwoWords),
        within("tag, 3 letters", |e| head(last(e)?, 3), Reach::Tag, TwoWords),
        within("status, 3 letters", |e| head(last(e)?, 3), Reach::Status, TwoWords),
        within(
            "folder and status, 3 letters",
            |e| head(last(e)?, 3),
            Reach::FolderAndStatus,
            TwoWords,
        ),
        within("folder and status, full name", full, Reach::FolderAndStatus, TwoWords),
        within(
            "folder, status, tag, 3 letters",
            |e| head(last(e)?, 3),
            Reach::FolderStatusAndTag,
            Any,
        ),
        misspelt("two words, letters swapped", |e| {
            Some(format!("{} {}", first(e)?, swapped(last(e)?)?))
        }),
        misspelt("two words, a letter left out", |e| {
            Some(format!("{} {}", first(e)?, shortened(last(e)?)?))
        }),
        Kind { recall: None, ..misspelt("one word, letters swapped", |e| swapped(last(e)?)) },
    ]
}

fn first(entry: &Entry) -> Option<&str> {
    entry.first_name.as_deref()?.split(' ').next()
}

/// Long enough that pieces of it say something.
fn last(entry: &Entry) -> Option<&str> {
    entry.last_name.as_deref().filter(|name| name.chars().count() >= 6 && !name.contains('-'))
}

fn full(entry: &Entry) -> Option<String> {
    Some(format!("{} {}", first(entry)?, last(entry)?))
}

fn two(one: &str, letters: usize, other: &str, of_other: usize) -> Option<String> {
    Some(format!("{} {}", head(one, letters)?, head(other, of_other)?))
}

fn head(text: &str, letters: usize) -> Option<String> {
    Some(text.chars().take(letters).collect())
}

fn inside(text: &str, letters: usize) -> Option<String> {
    Some(text.chars().skip(1).take(letters).collect())
}

fn tail(text: &str, letters: usize) -> Option<String> {
    let skipped = text.chars().count().saturating_sub(letters);
    Some(text.chars().skip(skipped).collect())
}

fn swapped(word: &str) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    let (left, right) = (letters.get(2)?, letters.get(3)?);
    if left == right {
        return None;
    }
    letters.swap(2, 3);
    Some(letters.into_iter().collect())
}

fn shortened(word: &str) -> Option<String> {
    Some(word.chars().enumerate().filter(|(at, _)| *at != 3).map(|(_, letter)| letter).collect())
}
