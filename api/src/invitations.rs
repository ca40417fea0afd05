//! Invitations from the outside: the link that is shown once and e-mailed where that can be done,
//! and what becomes of it when somebody follows it.

use std::collections::BTreeSet;

use automation::outbox::{Letter, Smtp};
use domain::access::{Principal, PrincipalKind};
use domain::claim::ClaimKind;
use domain::invitation::{self, Invitation, Invited, State};
use domain::member;
use domain::organisation::Organisation;
use domain::value::{Role, normalise_email};
use domain::{Command, Source};
use eventstore::state::{credential, invitation as link};
use eventstore::{Acting, Caller, Options, Refused};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::INSTALLATION;
use crate::extract::Newcomer;
use crate::problem::{Code, Problem, chain};
use crate::server::App;
use crate::sign_in;

/// How letters go out, and where the links in them lead.
#[derive(Debug, Clone, Default)]
pub struct Post {
    /// Without a mail server links are told, and not sent.
    pub smtp: Option<Smtp>,
    /// Where people reach this service.
    pub public_url: Option<String>,
}

/// The secret of an invitation, to be told once.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) secret: String,
    pub(crate) expires_at: Timestamp,
}

/// Gives an invitation a secret in place of the one that it may have had.
pub(crate) async fn issue(app: &App, inviter: &Principal, id: Uuid) -> Result<Issued, Problem> {
    let client = app.store().app().get().await?;
    let issued = link::issue(&client, inviter.organisation, inviter.user, id).await?;
    let (secret, expires_at) = issued.ok_or_else(|| Problem::new(Code::InvitationClosed))?;
    Ok(Issued { secret, expires_at })
}

/// Where an invitation leads. What stands behind # goes to no server and into no log.
pub(crate) fn address(base: &str, secret: &str) -> String {
    format!("{base}/accept-invitation#{secret}")
}

/// E-mails the link, where there is a mail server, a sender, and an address to lead to. The answer
/// is whether it is on its way.
pub(crate) async fn send(
    app: &App,
    organisation: Uuid,
    id: Uuid,
    secret: &str,
) -> Result<bool, Problem> {
    let Post { smtp: Some(smtp), public_url: Some(base) } = app.post().clone() else {
        return Ok(false);
    };
    let (_, house) = app.store().load::<Organisation>(organisation, organisation).await?;
    let Some(from) = house.sender.clone() else { return Ok(false) };
    let Some(Invited { email, name, .. }) = open(app, organisation, id).await? else {
        return Ok(false);
    };
    let (Some(to), Some(name)) = (email.known().cloned(), name.known()) else { return Ok(false) };
    let house = house.name.clone().unwrap_or_default();
    let text = format!(
        "Dear {name},\n\n{house} invites you to work with them. Follow this link within seven days to \
         accept:\n\n{}\n\nIf you do not know what this is about, you need not do anything.\n",
        address(&base, secret)
    );
    let letter = Letter { from, to, subject: format!("Invitation of {house}"), text };
    tokio::spawn(async move {
        if let Err(error) = smtp.send_letter(letter).await {
            tracing::warn!(invitation.id = %id, error = %chain(&error), "an invitation was not e-mailed");
        }
    });
    Ok(true)
}

/// Who was invited, as long as the invitation is open.
pub(crate) async fn open(
    app: &App,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<Invited>, Problem> {
    let (_, state) = app.store().load::<Invitation>(organisation, id).await?;
    match state.as_ref() {
        State::Open(invited) => Ok(Some(invited.clone())),
        State::Absent | State::Withdrawn | State::Accepted(_) => Ok(None),
    }
}

/// Refuses roles that the inviting person could not give.
pub(crate) async fn may_give(
    app: &App,
    inviter: &Principal,
    roles: BTreeSet<Role>,
) -> Result<(), Refused> {
    let user = Uuid::now_v7();
    let add = member::Command::Add(member::Add { user, roles });
    app.store().permits(inviter, &Command::Member { id: user, command: add }).await
}

/// Takes in who follows the link: a member from now on, with the password that they choose, or
/// with the one that they have. Answers who it is, and where.
pub(crate) async fn accept(
    newcomer: &Newcomer,
    secret: &str,
    password: String,
) -> Result<(Uuid, Uuid), Problem> {
    let app = &newcomer.app;
    sign_in::fit("/password", &password)?;
    let closed = || Problem::new(Code::InvitationClosed);
    let client = app.store().app().get().await?;
    let link = link::find(&client, secret).await?;
    drop(client);
    let link = link.filter(|link| link.is_open(Timestamp::now())).ok_or_else(closed)?;
    let (organisation, id) = (link.organisation, link.invitation_id);
    let invited = open(app, organisation, id).await?.ok_or_else(closed)?;
    let inviter = Acting {
        organisation,
        user: link.invited_by,
        kind: PrincipalKind::User,
        token: None,
        at_most: None,
    };
    // Who may no longer invite has invited nobody.
    let inviter = app.store().principal(inviter).await?.map_err(|_| closed())?;
    if let Err(refused) = may_give(app, &inviter, invited.roles.clone()).await {
        return Err(if matches!(refused, Refused::Denied(_)) { closed() } else { refused.into() });
    }
    let (Some(email), Some(name)) = (invited.email.known(), invited.name.known()) else {
        return Err(closed());
    };
    let user = who(newcomer, organisation, (email, name), password).await?;
    let client = app.store().app().get().await?;
    if !link::use_up(&client, id).await? {
        return Err(closed());
    }
    drop(client);
    become_member(app, organisation, id, user, invited.roles).await?;
    app.sessions().forget();
    tracing::info!(user.id = %user, invitation.id = %id, "an invitation was accepted");
    Ok((user, organisation))
}

/// The user with this e-mail: one who has a password shows that they know it, everybody else
/// chooses one.
async fn who(
    newcomer: &Newcomer,
    organisation: Uuid,
    (email, name): (&str, &str),
    password: String,
) -> Result<Uuid, Problem> {
    let app = &newcomer.app;
    let known =
        app.store().holder(INSTALLATION, ClaimKind::SignIn, &normalise_email(email)).await?;
    if let Some(known) = known {
        let client = app.store().app().get().await?;
        let credential = credential::get(&client, known).await?;
        drop(client);
        let ours = |of: &Uuid| *of == organisation;
        // A password opens all organisations: none of them sets one for the others' people.
        if credential.is_some() || !sign_in::organisations(app, known).await?.iter().all(ours) {
            return sign_in::check(newcomer, email, password).await;
        }
    }
    let user = match known {
        Some(known) => known,
        None => register(app, email, name).await?,
    };
    sign_in::set_password(app, user, password).await?;
    Ok(user)
}

async fn register(app: &App, email: &str, name: &str) -> Result<Uuid, Problem> {
    let data = json!({ "email": email, "name": name });
    let register = Command::parse("user.register", None, data).map_err(crate::commands::invalid)?;
    let caller = Caller::new(Principal::system(INSTALLATION), Source::Api);
    match app.store().execute(&caller, register, &Options::default()).await {
        Ok(done) => Ok(done.stream_id),
        Err(Refused::ClaimTaken { kind: ClaimKind::SignIn, holder }) => Ok(holder),
        Err(refused) => Err(refused.into()),
    }
}

/// One append: the invitation is accepted where the person becomes a member, or neither.
async fn become_member(
    app: &App,
    organisation: Uuid,
    id: Uuid,
    user: Uuid,
    roles: BTreeSet<Role>,
) -> Result<(), Problem> {
    let accept = invitation::Command::Accept(invitation::Accept { user });
    let mut commands = vec![Command::Invitation { id, command: accept }];
    let (_, member) = app.store().load::<member::Member>(organisation, user).await?;
    if !member.present {
        let add = member::Command::Add(member::Add { user, roles });
        commands.push(Command::Member { id: user, command: add });
    }
    let caller = Caller::new(Principal::system(organisation), Source::Api);
    app.store().execute_all(&caller, commands, &Options::default()).await?;
    Ok(())
}
