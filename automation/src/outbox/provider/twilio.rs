//! Twilio's Messages resource.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use uuid::Uuid;

use super::{Account, Call, naming, secret_header};

pub(super) fn call(base: &str, account: &Account, message: Uuid, to: &str, text: &str) -> Call {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("To", to).append_pair("Body", text);
    if let Some(sender) = &account.sender {
        form.append_pair("From", sender);
    }
    if let Some(reports) = &account.reports {
        form.append_pair("StatusCallback", &naming(reports, message));
    }
    let mut headers = HeaderMap::new();
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, form_type);
    let login = STANDARD.encode(format!("{}:{}", account.id, account.secret));
    headers.extend(secret_header(&format!("Basic {login}")).map(|value| (AUTHORIZATION, value)));
    let url = format!("{base}/2010-04-01/Accounts/{}/Messages.json", account.id);
    Call { url, headers, body: form.finish() }
}

pub(super) fn id(answer: &Value) -> Option<String> {
    Some(answer.get("sid")?.as_str()?.to_owned())
}

/// `{"code": 21211, "message": "…", "status": 400}`.
pub(super) fn refusal(answer: &Value) -> Option<String> {
    let message = answer.get("message")?.as_str()?;
    let code = answer.get("code").and_then(Value::as_i64);
    let code = code.map(|code| format!(" (error {code})")).unwrap_or_default();
    Some(format!("Twilio: {message}{code}"))
}
