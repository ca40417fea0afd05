//! The plain definition of what is found and in which order: every customer is looked at.

use std::collections::HashSet;

use projections::audience::Mark;
use projections::directory::{Entry, Filters, Matched, Query, Scope, Sort};
use projections::text::{normalise, phone_digits, stored_phone_digits};
use uuid::Uuid;

/// A customer as the definition sees it.
pub(crate) struct Known<'a> {
    entry: &'a Entry,
    pub(crate) sort_text: String,
    emails: Vec<String>,
    phones: Vec<String>,
    ids: Vec<(String, String)>,
}

pub(crate) fn known(entries: &[Entry]) -> Vec<Known<'_>> {
    entries
        .iter()
        .map(|entry| {
            let mut words: Vec<String> = split(&entry.display_name);
            for name in
                [&entry.first_name, &entry.last_name, &entry.company_name].into_iter().flatten()
            {
                for word in split(name) {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
            Known {
                entry,
                sort_text: words.join(" "),
                emails: entry.emails.iter().map(|e| e.to_lowercase()).collect(),
                phones: entry.phones.iter().filter_map(|p| stored_phone_digits(p)).collect(),
                ids: entry
                    .external_ids
                    .iter()
                    .map(|(s, id)| (id.to_lowercase(), s.clone()))
                    .collect(),
            }
        })
        .collect()
}

fn split(name: &str) -> Vec<String> {
    normalise(name).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// All hits of a query that are not similar ones, in order.
pub(crate) fn answer(known: &[Known<'_>], query: &Query) -> Vec<(Uuid, Option<Matched>)> {
    let visible: Vec<&Known<'_>> = known.iter().filter(|k| sees(query, k.entry)).collect();
    if query.text.trim().is_empty() {
        return list(visible, query);
    }
    let mut found: Vec<(Uuid, Option<Matched>)> = Vec::new();
    let mut seen = HashSet::new();
    for (hits, matched) in segments(&visible, query.text.trim()) {
        for (customer, tier) in hits {
            if seen.insert(customer) {
                found.push((customer, Some(tier.unwrap_or(matched))));
            }
        }
    }
    found
}

fn list(mut visible: Vec<&Known<'_>>, query: &Query) -> Vec<(Uuid, Option<Matched>)> {
    visible.sort_by(|a, b| (&a.sort_text, a.entry.customer).cmp(&(&b.sort_text, b.entry.customer)));
    match query.sort {
        Sort::Name => {}
        Sort::NameBackwards => visible.reverse(),
        Sort::Updated => {
            visible.sort_by_key(|k| (mark(k.entry, query).updated_at, k.entry.customer));
            visible.reverse();
        }
        Sort::Active => {
            visible.sort_by_key(|k| (mark(k.entry, query).last_activity_at, k.entry.customer));
            visible.reverse();
        }
    }
    visible.into_iter().map(|k| (k.entry.customer, None)).collect()
}

/// The latest of what the reader sees.
fn mark(entry: &Entry, query: &Query) -> Mark {
    let audiences = query.audiences.as_ref();
    let Some(audiences) = audiences else {
        let Entry { position, updated_at, last_activity_at, .. } = *entry;
        return Mark { position, updated_at, last_activity_at };
    };
    let seen = entry.marks.iter().filter(|(audience, _)| audiences.contains(audience));
    seen.fold(Mark::default(), |latest, (_, mark)| latest.max(*mark))
}

type Hits = Vec<(Uuid, Option<Matched>)>;

fn segments(visible: &[&Known<'_>], typed: &str) -> Vec<(Hits, Matched)> {
    let lower = typed.to_lowercase();
    if let Some(domain) = typed.strip_prefix('@') {
        return vec![(by_key(visible, domains, &domain.to_lowercase()), Matched::Domain)];
    }
    if typed.contains('@') {
        return vec![(by_key(visible, |k| k.emails.clone(), &lower), Matched::Email)];
    }
    let exactly = (exact_id(visible, &lower), Matched::ExternalId);
    let id = (
        by_key(visible, |k| k.ids.iter().map(|(id, s)| format!("{id}\u{1F}{s}")).collect(), &lower),
        Matched::ExternalId,
    );
    let words = (words(visible, &split(typed)), Matched::Word);
    let blank = typed.contains(' ');
    if let Some(digits) = phone_digits(typed) {
        let mut by_phone: Vec<&&Known<'_>> =
            visible.iter().filter(|k| k.phones.iter().any(|p| p.ends_with(&digits))).collect();
        by_phone.sort_by_key(|k| (&k.sort_text, k.entry.customer));
        let phone =
            (by_phone.into_iter().map(|k| (k.entry.customer, None)).collect(), Matched::Phone);
        let plain = typed.chars().all(|c| c.is_ascii_digit());
        return match (plain, typed.len() <= 6, typed.contains([' ', '+', '(', ')'])) {
            (true, true, _) => vec![exactly, words, phone, id],
            (_, _, false) => vec![exactly, phone, id],
            (_, _, true) => vec![phone],
        };
    }
    let has_digit = typed.chars().any(|c| c.is_ascii_digit());
    let mut segments = Vec::new();
    if has_digit {
        segments.push(exactly);
    }
    segments.push(words);
    if !blank {
        segments.push((by_key(visible, |k| k.emails.clone(), &lower), Matched::Email));
        if typed.contains('.') {
            segments.push((by_key(visible, domains, &lower), Matched::Domain));
        }
    }
    if has_digit || !blank {
        segments.push(id);
    }
    segments
}

fn domains(known: &Known<'_>) -> Vec<String> {
    known.emails.iter().filter_map(|e| Some(e.rsplit_once('@')?.1.to_owned())).collect()
}

fn exact_id(visible: &[&Known<'_>], lower: &str) -> Hits {
    by_key(
        visible,
        |k| k.ids.iter().map(|(id, s)| format!("{id}\u{1F}{s}")).collect(),
        &format!("{lower}\u{1F}"),
    )
}

/// In the order of the first key that begins so.
fn by_key(
    visible: &[&Known<'_>],
    keys: impl Fn(&Known<'_>) -> Vec<String>,
    beginning: &str,
) -> Hits {
    let first = |k: &Known<'_>| keys(k).into_iter().filter(|key| key.starts_with(beginning)).min();
    let mut hits: Vec<(String, &str, Uuid)> = visible
        .iter()
        .filter_map(|k| Some((first(k)?, k.sort_text.as_str(), k.entry.customer)))
        .collect();
    hits.sort();
    hits.into_iter().map(|(_, _, customer)| (customer, None)).collect()
}

fn words(visible: &[&Known<'_>], tokens: &[String]) -> Hits {
    let longest = tokens.iter().map(|t| t.chars().count()).max().unwrap_or(0);
    let mut hits: Vec<(i32, &str, Uuid)> = visible
        .iter()
        .filter_map(|k| Some((tier(&k.sort_text, tokens)?, k.sort_text.as_str(), k.entry.customer)))
        .collect();
    hits.sort();
    let last_tier = match longest {
        0 | 1 => 0,
        2 => 1,
        3 if hits.iter().any(|hit| hit.0 < 2) => 1,
        _ => 2,
    };
    hits.retain(|hit| hit.0 <= last_tier);
    let matched =
        |tier| [Matched::Starts, Matched::Word, Matched::Inside][usize::try_from(tier).unwrap()];
    hits.into_iter().map(|(tier, _, customer)| (customer, Some(matched(tier)))).collect()
}

fn tier(sort_text: &str, tokens: &[String]) -> Option<i32> {
    if tokens.is_empty() {
        return None;
    }
    if sort_text.starts_with(&tokens.join(" ")) {
        return Some(0);
    }
    if tokens.iter().all(|token| sort_text.split(' ').any(|word| word.starts_with(token.as_str())))
    {
        return Some(1);
    }
    tokens.iter().all(|token| sort_text.contains(token.as_str())).then_some(2)
}

fn sees(query: &Query, entry: &Entry) -> bool {
    let Filters { folders, statuses, kinds, lifecycle, tags, workers, external_id, under_review } =
        &query.filters;
    let in_scope = match &query.scope {
        Scope::All => true,
        Scope::Within { folders, workers } => {
            entry.folder.is_some_and(|f| folders.contains(&f))
                || entry.workers.iter().any(|w| workers.contains(w))
        }
    };
    in_scope
        && entry.organisation == query.organisation
        && entry.archived == query.archived
        && folders.as_ref().is_none_or(|asked| entry.folder.is_some_and(|f| asked.contains(&f)))
        && statuses
            .as_ref()
            .is_none_or(|asked| entry.status.as_ref().is_some_and(|s| asked.contains(s)))
        && kinds.as_ref().is_none_or(|asked| asked.contains(&entry.kind))
        && lifecycle.as_ref().is_none_or(|asked| *asked == entry.lifecycle)
        && tags.iter().all(|tag| entry.tags.contains(tag))
        && workers.as_ref().is_none_or(|asked| entry.workers.iter().any(|w| asked.contains(w)))
        && external_id.as_ref().is_none_or(|asked| entry.external_ids.contains(asked))
        && under_review.is_none_or(|asked| asked == (entry.open_risk_flags > 0))
}
