//! Finds what was misspelt: words of the organisation close to those typed, and then the same search for them.
//! So who may be seen holds here as it does there.

use std::collections::BTreeSet;

use deadpool_postgres::GenericClient;
use futures_util::future::try_join_all;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::read::Run;
use super::route::Words;
use super::{Error, Hit, Matched, Query};

const KNOWN_WORDS: &str = include_str!("known_words.sql");
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
    whole_word: bool,
    room: usize,
) -> Result<Vec<Hit>, Error> {
    let known_words = known_words(run, tokens).await?;
    let all_known = known_words.len() == tokens.len();
    if all_known && !known.is_empty() && !whole_word {
        // Somebody is found by a word that is still being typed, or by several that go together:
        // nothing else is meant. A single whole word may have been heard and not read: Meier, Meyer.
        return Ok(Vec::new());
    }
    // Where some words are unknown they are the misspelt ones; else each of them may be. What is
    // short or has a digit has too many neighbours to guess among.
    let is_right = |token: &String| {
        token.chars().count() < LEAST_LETTERS
            || token.chars().any(|c| c.is_ascii_digit())
            || !all_known && known_words.contains(token)
    };
    let spellings = try_join_all(tokens.iter().map(async |token| {
        let as_typed = Spelling { word: token.clone(), distance: 0, customers: 0 };
        // The known words say which spelling of this one goes with them.
        let others = known_words.iter().filter(|other| *other != token).cloned().collect();
        let mut spellings =
            if is_right(token) { Vec::new() } else { spellings(run, token, others).await? };
        if known_words.contains(token) {
            spellings.insert(0, as_typed);
        }
        Ok::<_, Error>(spellings)
    }))
    .await?;
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

async fn known_words<C: GenericClient>(
    run: &Run<'_, C>,
    tokens: &[String],
) -> Result<Vec<String>, Error> {
    let statement = run.client.prepare_cached(KNOWN_WORDS).await?;
    let rows = run.client.query(&statement, &[&run.query.organisation, &tokens]).await?;
    Ok(rows.iter().map(|row| row.try_get("word")).collect::<Result<_, _>>()?)
}

/// The words that may be meant, the likeliest first.
async fn spellings<C: GenericClient>(
    run: &Run<'_, C>,
    typed: &str,
    others: Vec<String>,
) -> Result<Vec<Spelling>, Error> {
    let near = one_edit_away(typed);
    let statement = run.client.prepare_cached(SIMILAR_WORDS).await?;
    let Query { organisation, archived, .. } = run.query;
    let parameters: [&(dyn ToSql + Sync); 6] =
        [organisation, archived, &typed, &near, &others, &MOST_NEIGHBOURS];
    let mut spellings = Vec::new();
    for row in run.client.query(&statement, &parameters).await? {
        let word: String = row.try_get("word")?;
        let distance = strsim::damerau_levenshtein(typed, &word);
        let customers = row.try_get("customers")?;
        let fits: bool = row.try_get("fits")?;
        if fits && customers > 0 && (1..=allowed_distance(typed)).contains(&distance) {
            spellings.push(Spelling { distance, customers, word });
        }
    }
    // The nearest first; among them the commonest, for most people who err mean one of many.
    spellings.sort_by(|a, b| {
        let nearest = a.distance.cmp(&b.distance);
        nearest.then(b.customers.cmp(&a.customers)).then_with(|| a.word.cmp(&b.word))
    });
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
