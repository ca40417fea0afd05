//! Finds what was misspelt: words of the organisation close to those typed, and then the same search for them.
//! So who may be seen holds here as it does there.

use std::collections::BTreeSet;

use deadpool_postgres::GenericClient;
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::read::Run;
use super::route::Words;
use super::{Error, Hit, Matched};

const SIMILAR_WORDS: &str = include_str!("similar_words.sql");

/// How many respelt texts are searched.
const MOST_TEXTS: usize = 4;
/// How many spellings of one word are combined with those of the others.
const MOST_SPELLINGS: usize = 6;
const MOST_NEIGHBOURS: i32 = 30;
const LEAST_LETTERS: usize = 3;

/// A word that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) word: String,
    pub(super) distance: usize,
    pub(super) customers: i32,
}

pub(super) async fn search<C: GenericClient>(
    run: &Run<'_, C>,
    tokens: &[String],
    known: &[Uuid],
    room: usize,
) -> Result<Vec<Hit>, Error> {
    let spellings = try_join_all(tokens.iter().map(|token| spellings(run, token))).await?;
    let texts = respelt(tokens, spellings);
    let mut hits: Vec<Hit> = Vec::new();
    for words in texts {
        let left = room.saturating_sub(hits.len());
        if left == 0 {
            break;
        }
        let found: Vec<Uuid> =
            known.iter().copied().chain(hits.iter().map(|h| h.customer)).collect();
        let rows = run.words(&words, &found, None, left).await?;
        // A word of the organisation is meant, so what only stands inside another word is not.
        let rows = rows.into_iter().map(|(_, hit)| hit);
        hits.extend(rows.filter(|hit| hit.matched != Some(Matched::Inside)));
    }
    Ok(hits)
}

async fn spellings<C: GenericClient>(
    run: &Run<'_, C>,
    typed: &str,
) -> Result<Vec<Spelling>, Error> {
    let as_typed = Spelling { word: typed.to_owned(), distance: 0, customers: 0 };
    if typed.chars().count() < LEAST_LETTERS {
        return Ok(vec![as_typed]);
    }
    let near = one_edit_away(typed);
    let statement = run.client.prepare_cached(SIMILAR_WORDS).await?;
    let parameters: [&(dyn ToSql + Sync); 5] =
        [&run.query.organisation, &run.query.archived, &typed, &near, &MOST_NEIGHBOURS];
    let mut spellings = Vec::new();
    let mut may_be_right = false;
    for row in run.client.query(&statement, &parameters).await? {
        let word: String = row.try_get("word")?;
        let distance = strsim::damerau_levenshtein(typed, &word);
        may_be_right |= row.try_get::<_, bool>("begins")?;
        if (1..=allowed_distance(typed)).contains(&distance) {
            spellings.push(Spelling { distance, customers: row.try_get("customers")?, word });
        }
    }
    // The nearest first; among them the commonest, for most people who err mean one of many.
    spellings.sort_by(|a, b| {
        a.distance
            .cmp(&b.distance)
            .then(b.customers.cmp(&a.customers))
            .then_with(|| a.word.cmp(&b.word))
    });
    spellings.retain(|spelling| spelling.customers > 0);
    if may_be_right {
        spellings.insert(0, as_typed);
    }
    spellings.truncate(MOST_SPELLINGS);
    Ok(spellings)
}

fn allowed_distance(typed: &str) -> usize {
    if typed.chars().count() <= 4 { 1 } else { 2 }
}

/// The texts to search: one spelling of each word, the fewest edits first. Not the text as it was typed.
pub(super) fn respelt(tokens: &[String], spellings: Vec<Vec<Spelling>>) -> Vec<Words> {
    let mut texts: Vec<(usize, usize, Vec<String>)> = vec![(0, 0, Vec::new())];
    for choices in spellings {
        texts = texts
            .iter()
            .flat_map(|(distance, rank, words)| {
                choices.iter().enumerate().map(move |(place, spelling)| {
                    let words = words.iter().cloned().chain([spelling.word.clone()]).collect();
                    (distance + spelling.distance, rank + place, words)
                })
            })
            .collect();
        texts.sort();
        // The rest cannot come first any more: every further word adds at least as much to them.
        texts.truncate(MOST_SPELLINGS * MOST_TEXTS);
    }
    texts
        .into_iter()
        .filter(|(_, _, words)| words != tokens)
        .take(MOST_TEXTS)
        .map(|(_, _, tokens)| Words { text: tokens.join(" "), tokens })
        .collect()
}

/// Every word that comes from this one by leaving out, swapping, replacing or adding a letter.
pub(super) fn one_edit_away(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let alphabet = alphabet(&letters);
    let mut near = BTreeSet::new();
    for at in 0..=letters.len() {
        let (head, tail) = letters.split_at(at);
        let mut add = |middle: &[char], tail: &[char]| {
            near.insert(head.iter().chain(middle).chain(tail).collect::<String>());
        };
        for letter in &alphabet {
            add(&[*letter], tail);
        }
        if let [first, rest @ ..] = tail {
            add(&[], rest);
            for letter in &alphabet {
                add(&[*letter], rest);
            }
            if let [second, rest @ ..] = rest {
                add(&[*second, *first], rest);
            }
        }
    }
    near.remove(word);
    near.remove("");
    near.into_iter().collect()
}

/// The letters of the writing that the word is in, as far as it has few.
fn alphabet(letters: &[char]) -> BTreeSet<char> {
    let mut alphabet: BTreeSet<char> = letters.iter().copied().collect();
    for script in ['a'..='z', '0'..='9', 'α'..='ω', 'а'..='я', 'א'..='ת', 'ء'..='ي'] {
        if letters.iter().any(|letter| script.contains(letter)) {
            alphabet.extend(script);
        }
    }
    alphabet
}

#[cfg(test)]
mod tests;
