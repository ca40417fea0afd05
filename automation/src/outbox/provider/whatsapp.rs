//! The messages of the WhatsApp Cloud API.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Account, Call, secret_header};

/// `biz_opaque_callback_data` comes back with each status of the message.
pub(super) fn call(base: &str, account: &Account, message: Uuid, to: &str, text: &str) -> Call {
    let body = json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "text",
        "text": { "preview_url": false, "body": text },
        "biz_opaque_callback_data": message,
    });
    let mut headers = HeaderMap::new();
    let bearer = secret_header(&format!("Bearer {}", account.secret));
    headers.extend(bearer.map(|value| (AUTHORIZATION, value)));
    Call { url: format!("{base}/{}/messages", account.id), headers, body: body.to_string() }
}

pub(super) fn id(answer: &Value) -> Option<String> {
    Some(answer.pointer("/messages/0/id")?.as_str()?.to_owned())
}

/// `{"error": {"message": "…", "code": 131030, "error_data": {"details": "…"}}}`.
pub(super) fn refusal(answer: &Value) -> Option<String> {
    let error = answer.get("error")?;
    let details = error.pointer("/error_data/details").or_else(|| error.get("message"))?;
    let code = error.get("code").and_then(Value::as_i64);
    let code = code.map(|code| format!(" (error {code})")).unwrap_or_default();
    Some(format!("WhatsApp: {}{code}", details.as_str()?))
}
