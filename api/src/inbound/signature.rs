//! The signatures of providers over what they send, compared in constant time.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use sha2::Sha256;

/// How old a signed moment may be, and how far in the future, in seconds.
const TOLERANCE: i64 = 300;

/// Why a delivery is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forged {
    #[error("the header {0} is missing or cannot be read")]
    Missing(&'static str),
    #[error("the signature is not that of this connection's secret over this body")]
    Wrong,
    #[error("the signature was made more than five minutes ago, or in the future")]
    Stale,
}

/// Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>,…` over `<seconds>.<body>`. While a secret is
/// rolled there are several `v1`.
pub(crate) fn stripe(
    secret: &[u8],
    header: Option<&str>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Forged> {
    const MISSING: Forged = Forged::Missing("Stripe-Signature");
    let header = header.ok_or(MISSING)?;
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let signed = parts().find(|(name, _)| *name == "t").map(|(_, at)| at).ok_or(MISSING)?;
    let at: i64 = signed.parse().map_err(|_| MISSING)?;
    let mut candidates = parts().filter(|(name, _)| *name == "v1").peekable();
    candidates.peek().ok_or(MISSING)?;
    let mut mac = keyed::<Hmac<Sha256>>(secret)?;
    mac.update(signed.as_bytes());
    mac.update(b".");
    mac.update(body);
    let is_ours = |(_, hex): (&str, &str)| fits(mac.clone(), hex::decode(hex).ok());
    if !candidates.any(is_ours) {
        return Err(Forged::Wrong);
    }
    if (now.as_second() - at).abs() > TOLERANCE { Err(Forged::Stale) } else { Ok(()) }
}

/// Meta: `X-Hub-Signature-256: sha256=<hex>` over the body. It signs no moment: what is sent again
/// is known by its ids.
pub(crate) fn whatsapp(secret: &[u8], header: Option<&str>, body: &[u8]) -> Result<(), Forged> {
    const MISSING: Forged = Forged::Missing("X-Hub-Signature-256");
    let hex = header.and_then(|header| header.strip_prefix("sha256=")).ok_or(MISSING)?;
    let mut mac = keyed::<Hmac<Sha256>>(secret)?;
    mac.update(body);
    if fits(mac, hex::decode(hex).ok()) { Ok(()) } else { Err(Forged::Wrong) }
}

/// Twilio: `X-Twilio-Signature`, base64 of HMAC-SHA1 over the address as it was called, and after
/// it each parameter's name and value in their order, the same one once. It signs no moment either.
pub(crate) fn twilio(
    secret: &[u8],
    header: Option<&str>,
    address: &str,
    parameters: &[(String, String)],
) -> Result<(), Forged> {
    let header = header.ok_or(Forged::Missing("X-Twilio-Signature"))?;
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut mac = keyed::<Hmac<Sha1>>(secret)?;
    mac.update(address.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    if fits(mac, STANDARD.decode(header.trim()).ok()) { Ok(()) } else { Err(Forged::Wrong) }
}

fn keyed<M: KeyInit>(secret: &[u8]) -> Result<M, Forged> {
    M::new_from_slice(secret).map_err(|_| Forged::Wrong)
}

fn fits(mac: impl Mac, tag: Option<Vec<u8>>) -> bool {
    tag.is_some_and(|tag| mac.verify_slice(&tag).is_ok())
}

#[cfg(test)]
mod tests;
