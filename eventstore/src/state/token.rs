//! API tokens: shown once, kept as SHA-256 (they are random, so a slow hash adds nothing).

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_token.sql");
const GET: &str = include_str!("sql/get_token.sql");
const FIND: &str = include_str!("sql/find_token.sql");
const LIST: &str = include_str!("sql/list_tokens.sql");
const REVOKE: &str = include_str!("sql/revoke_token.sql");
const ANY_ENDED: &str = include_str!("sql/any_token_ended.sql");
const TOUCH: &str = include_str!("sql/touch_token.sql");

/// Of the random part, in hexadecimal.
const DIGITS: usize = 64;
const CHECKSUM_DIGITS: usize = 8;

/// A person's token or an app's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Personal,
    Service,
}

impl TokenKind {
    /// The name under which it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Service => "service",
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "dsr_pat_",
            Self::Service => "dsr_svc_",
        }
    }
}

/// A token as listed; the secret is not kept.
#[derive(Debug, Clone)]
pub struct Token {
    pub token_id: Uuid,
    pub organisation: Uuid,
    pub user_id: Uuid,
    pub kind: TokenKind,
    /// The role beyond which it may do nothing, whatever its person may.
    pub role: Option<String>,
    /// Whether it opens every organisation of its person, and not only its own.
    pub opens_all: bool,
    pub name: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

impl Token {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let kind: &str = row.try_get("kind")?;
        Ok(Self {
            token_id: row.try_get("token_id")?,
            organisation: row.try_get("organisation")?,
            user_id: row.try_get("user_id")?,
            kind: if kind == "service" { TokenKind::Service } else { TokenKind::Personal },
            role: row.try_get("role")?,
            opens_all: row.try_get("opens_all")?,
            name: row.try_get("name")?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            revoked_at: row.try_get("revoked_at")?,
            last_used_at: row.try_get("last_used_at")?,
        })
    }

    /// Whether it opens anything at this moment.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// What a new token is for.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    pub organisation: Uuid,
    pub user_id: Uuid,
    pub kind: TokenKind,
    pub role: Option<&'a str>,
    pub opens_all: bool,
    pub name: &'a str,
    pub expires_at: Option<Timestamp>,
}

/// Makes a token; the secret in the answer is the only copy.
pub async fn create(
    client: &impl GenericClient,
    new: &NewToken<'_>,
) -> Result<(Uuid, String), Error> {
    let random: [u8; 32] = rand::random();
    let begin = format!("{}{}", new.kind.prefix(), hex::encode(random));
    let secret = format!("{begin}{}", checksum(&begin));
    let token_id = Uuid::now_v7();
    let statement = client.prepare_cached(INSERT).await?;
    client
        .execute(
            &statement,
            &[
                &token_id,
                &new.organisation,
                &new.user_id,
                &new.kind.name(),
                &new.name,
                &hash(&secret),
                &new.expires_at,
                &new.role,
                &new.opens_all,
            ],
        )
        .await?;
    Ok((token_id, secret))
}

/// The token with this secret, whatever its state.
pub async fn find(client: &impl GenericClient, secret: &str) -> Result<Option<Token>, Error> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&hash(secret)]).await?;
    row.as_ref().map(Token::from_row).transpose()
}

/// The token of this id, whatever became of it.
pub async fn get(client: &impl GenericClient, token_id: Uuid) -> Result<Option<Token>, Error> {
    let statement = client.prepare_cached(GET).await?;
    let row = client.query_opt(&statement, &[&token_id]).await?;
    row.as_ref().map(Token::from_row).transpose()
}

/// Whether a text has the form of a token: its last eight digits fit those before. A scanner for
/// secrets can tell a token by this, and what is no token is not looked up. Tokens of the time
/// before they had a checksum end without one.
pub fn is_well_formed(secret: &str) -> bool {
    let kinds = [TokenKind::Personal, TokenKind::Service];
    let Some(digits) = kinds.iter().find_map(|kind| secret.strip_prefix(kind.prefix())) else {
        return false;
    };
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return false;
    }
    match digits.len() {
        DIGITS => true,
        length if length == DIGITS + CHECKSUM_DIGITS => {
            let (begin, end) = secret.split_at(secret.len() - CHECKSUM_DIGITS);
            checksum(begin) == end
        }
        _ => false,
    }
}

fn checksum(begin: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(begin.as_bytes()));
    digits.truncate(CHECKSUM_DIGITS);
    digits
}

/// All tokens of an organisation, oldest first.
pub async fn list(client: &impl GenericClient, organisation: Uuid) -> Result<Vec<Token>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    client.query(&statement, &[&organisation]).await?.iter().map(Token::from_row).collect()
}

/// Ends a token; false when there is none of this id.
pub async fn revoke(
    client: &impl GenericClient,
    organisation: Uuid,
    token_id: Uuid,
) -> Result<bool, Error> {
    let statement = client.prepare_cached(REVOKE).await?;
    Ok(client.execute(&statement, &[&organisation, &token_id]).await? > 0)
}

/// Whether one of these tokens opens nothing any more.
pub async fn any_ended(client: &impl GenericClient, tokens: &[Uuid]) -> Result<bool, Error> {
    let statement = client.prepare_cached(ANY_ENDED).await?;
    client.query_one(&statement, &[&tokens]).await?.try_get(0)
}

/// Notes that it was used; at most once a minute is enough.
pub async fn touch(client: &impl GenericClient, token_id: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(TOUCH).await?;
    client.execute(&statement, &[&token_id]).await?;
    Ok(())
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests;
