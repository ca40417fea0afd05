//! Sessions: who is signed in by a cookie. The cookie holds 256 random bits, of which the SHA-256 is
//! kept (they are random, so a slow hash adds nothing).

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};
use uuid::Uuid;

const INSERT: &str = include_str!("sql/insert_session.sql");
const FIND: &str = include_str!("sql/find_session.sql");
const LIST: &str = include_str!("sql/list_sessions.sql");
const TOUCH: &str = include_str!("sql/touch_session.sql");
const END: &str = include_str!("sql/end_session.sql");
const END_OF_USER: &str = include_str!("sql/end_sessions_of_user.sql");
const END_OF_MEMBER: &str = include_str!("sql/end_sessions_of_member.sql");
const FORGET: &str = include_str!("sql/forget_sessions.sql");
const ANY_ENDED: &str = include_str!("sql/any_session_ended.sql");

/// A session that is not used for so long is over.
pub const IDLE_SECONDS: f64 = 30.0 * 60.0;
/// So long a session lasts at most, however much it is used.
pub const LONGEST_SECONDS: f64 = 12.0 * 3600.0;

/// A session; what the cookie holds is not kept.
#[derive(Debug, Clone)]
pub struct Session {
    pub session_id: Uuid,
    pub user_id: Uuid,
    /// The organisation that it opens where none is asked for.
    pub organisation: Uuid,
    /// The browser, as it called itself.
    pub user_agent: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Session {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            session_id: row.try_get("session_id")?,
            user_id: row.try_get("user_id")?,
            organisation: row.try_get("organisation")?,
            user_agent: row.try_get("user_agent")?,
            created_at: row.try_get("created_at")?,
            last_used_at: row.try_get("last_used_at")?,
            expires_at: row.try_get("expires_at")?,
            ended_at: row.try_get("ended_at")?,
        })
    }

    /// Whether it opens anything at this moment.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Who signs in.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    pub user_id: Uuid,
    pub organisation: Uuid,
    pub user_agent: Option<&'a str>,
}

/// Begins a session, and forgets the person's long past ones; the secret in the answer is the only
/// copy.
pub async fn begin(
    client: &impl GenericClient,
    new: &NewSession<'_>,
) -> Result<(Session, String), Error> {
    let forget = client.prepare_cached(FORGET).await?;
    client.execute(&forget, &[&new.user_id]).await?;
    let secret = hex::encode(rand::random::<[u8; 32]>());
    let insert = client.prepare_cached(INSERT).await?;
    let (user, organisation) = (&new.user_id, &new.organisation);
    let row = client
        .query_one(
            &insert,
            &[&Uuid::now_v7(), user, organisation, &hash(&secret), &new.user_agent, &IDLE_SECONDS],
        )
        .await?;
    Ok((Session::from_row(&row)?, secret))
}

/// The session with this secret, whatever its state.
pub async fn find(client: &impl GenericClient, secret: &str) -> Result<Option<Session>, Error> {
    let statement = client.prepare_cached(FIND).await?;
    let row = client.query_opt(&statement, &[&hash(secret)]).await?;
    row.as_ref().map(Session::from_row).transpose()
}

/// The sessions that are open: a person's, and all of an organisation where one is named. Oldest
/// first.
pub async fn list(
    client: &impl GenericClient,
    organisation: Option<Uuid>,
    user_id: Uuid,
) -> Result<Vec<Session>, Error> {
    let statement = client.prepare_cached(LIST).await?;
    let rows = client.query(&statement, &[&organisation, &user_id]).await?;
    rows.iter().map(Session::from_row).collect()
}

/// Notes that it was used, which makes it last longer; at most once a minute is enough.
pub async fn touch(client: &impl GenericClient, session_id: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(TOUCH).await?;
    client.execute(&statement, &[&session_id, &IDLE_SECONDS, &LONGEST_SECONDS]).await?;
    Ok(())
}

/// Ends a session; one that has ended stays so.
pub async fn end(client: &impl GenericClient, session_id: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(END).await?;
    client.execute(&statement, &[&session_id]).await?;
    Ok(())
}

/// Ends all sessions of a person.
pub async fn end_of_user(client: &impl GenericClient, user_id: Uuid) -> Result<(), Error> {
    let statement = client.prepare_cached(END_OF_USER).await?;
    client.execute(&statement, &[&user_id]).await?;
    Ok(())
}

/// Ends the sessions that a person began in an organisation.
pub async fn end_of_member(
    client: &impl GenericClient,
    user_id: Uuid,
    organisation: Uuid,
) -> Result<(), Error> {
    let statement = client.prepare_cached(END_OF_MEMBER).await?;
    client.execute(&statement, &[&user_id, &organisation]).await?;
    Ok(())
}

/// Whether one of these sessions opens nothing any more.
pub async fn any_ended(client: &impl GenericClient, sessions: &[Uuid]) -> Result<bool, Error> {
    let statement = client.prepare_cached(ANY_ENDED).await?;
    client.query_one(&statement, &[&sessions]).await?.try_get(0)
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
