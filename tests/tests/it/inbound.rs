//! What comes in: mail, and what waits for somebody to say whose it is.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp, column, rows, send};

pub(crate) const UNMATCHED: &str = "/v1/inbound/unmatched";

/// Hands a mail in, as a mail server's hook does.
pub(crate) async fn mail(app: &Person, bytes: impl Into<Vec<u8>>) -> Answer {
    send(app.request(Method::POST, "/v1/inbound/mail").body(bytes.into())).await
}

/// A plain mail with these headers.
fn letter(headers: &[(&str, &str)], text: &str) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{headers}\r\n{text}\r\n")
}

async fn customer(app: &TestApp, email: &str) -> String {
    let body = json!({ "type": "person", "first_name": "Ada", "emails": [email] });
    app.customer(body).await
}

async fn waiting(app: &Person) -> Vec<Value> {
    rows(&app.get_fresh(UNMATCHED).await)
}

/// The events of messages on a customer's record.
async fn messages(app: &TestApp, customer: &str) -> Vec<Value> {
    let types = ["received", "delivered", "opened", "failed"].map(|what| format!("message.{what}"));
    app.events_of(customer, &types.join(",")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_a_mail_lands_on_the_record_of_who_sent_it_once() {
    let app = TestApp::start().await;
    let id = customer(&app, "Ada@Example.com").await;
    let bytes = letter(
        &[
            ("From", "\"Ada Byron\" <ADA@example.COM>"),
            ("To", "office@example.org"),
            ("Subject", "=?utf-8?q?Ausk=C3=BCnfte?="),
            ("Message-ID", "<1@example.com>"),
            ("Date", "Sat, 21 Nov 2026 10:00:00 +0100"),
        ],
        "When do you open?",
    );
    let answer = mail(&app, bytes.clone()).await.expect(200);
    assert_eq!((&answer["outcome"], &answer["customer"]), (&json!("recorded"), &json!(id)));
    // A relay added a header on the way: it is the same mail all the same.
    let again = format!("Received: by mx.example.org; Sat, 21 Nov 2026 10:00:05 +0100\r\n{bytes}");
    assert_eq!(mail(&app, again).await.expect(200)["id"], answer["id"]);
    let events = messages(&app, &id).await;
    assert_eq!(events.len(), 1, "{events:#?}");
    let data = &events[0]["data"];
    assert_eq!(
        (&data["subject"], &data["text"]),
        (&json!("Auskünfte"), &json!("When do you open?"))
    );
    assert_eq!((&data["from"], &data["channel"]), (&json!("ADA@example.COM"), &json!("email")));
    assert_eq!(events[0]["occurredat"], "2026-11-21T09:00:00.000000Z");
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_an_unknown_sender_is_offered_as_a_lead_and_becomes_a_customer() {
    let app = TestApp::start().await;
    let headers = [
        ("From", "Eve Example <eve@example.org>"),
        ("Subject", "Do you deliver?"),
        ("Message-ID", "<2@example.org>"),
    ];
    let bytes = letter(&headers, "To London, I mean.");
    let answer = mail(&app, bytes.clone()).await.expect(200);
    assert_eq!((&answer["outcome"], &answer["customer"]), (&json!("unmatched"), &Value::Null));
    mail(&app, bytes.clone()).await.expect(200);
    let offered = waiting(&app).await;
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0]["from"], "eve@example.org");
    assert_eq!(offered[0]["text"], "To London, I mean.");
    let place = format!("{UNMATCHED}/{}", offered[0]["id"].as_str().unwrap());

    let sales = app.user(&["sales"]).await;
    let dry = format!("{place}/create-customer?dry_run=true");
    let would = sales.post(&dry, json!({})).await.expect(200);
    assert_eq!(would["would_emit"][0]["type"], "customer.created", "{would}");
    let made = sales.post(&format!("{place}/create-customer"), json!({ "tags": ["lead"] })).await;
    let id = made.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/v1/customers/{id}"));
    let customer = app.strong(&id).await;
    assert_eq!(
        (&customer["first_name"], &customer["last_name"]),
        (&json!("Eve"), &json!("Example"))
    );
    assert_eq!(customer["emails"][0]["address"], "eve@example.org");
    assert_eq!((&customer["source"], &customer["tags"]), (&json!("email"), &json!(["lead"])));
    let events = messages(&app, &id).await;
    assert_eq!(events[0]["data"]["text"], "To London, I mean.");
    assert_eq!(events[0]["actorid"], json!(sales.id));

    assert!(waiting(&app).await.is_empty());
    let again = sales.post(&format!("{place}/create-customer"), json!({})).await;
    again.refused(409, "unmatched_settled");
    // The same mail again is known to be on the customer's record now.
    assert_eq!(mail(&app, bytes).await.expect(200)["customer"], json!(id));
    assert_eq!(messages(&app, &id).await.len(), 1);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_what_waits_is_attached_to_a_customer_or_dismissed_by_who_may() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    for number in 1..=2 {
        let message_id = format!("<{number}@example.org>");
        let headers = [("From", "a.byron@example.net"), ("Message-ID", &message_id)];
        mail(&app, letter(&headers, "It is me")).await.expect(200);
    }
    let waiting_ids = column(&waiting(&app).await, "id");
    let place = |index: usize, what: &str| format!("{UNMATCHED}/{}/{what}", waiting_ids[index]);

    let viewer = app.user(&["viewer"]).await;
    viewer.get(UNMATCHED).await.denied("unmatched.read");
    viewer.post(&place(0, "attach"), json!({ "customer": id })).await.denied("unmatched.write");
    viewer.post(&place(0, "dismiss"), json!({})).await.denied("unmatched.write");
    mail(&viewer, "From: a@b.de\r\n\r\nx").await.denied("message.receive");

    let nobody = json!({ "customer": "0199a1b2-0000-7000-8000-00000000dead" });
    app.post(&place(0, "attach"), nobody).await.refused(422, "customer_not_found");
    app.post(&place(0, "attach"), json!({})).await.wrong_field("/customer", "missing_field");
    let missing = format!("{UNMATCHED}/0199a1b2-0000-7000-8000-00000000dead/attach");
    app.post(&missing, json!({ "customer": id })).await.refused(404, "unmatched_not_found");

    let key = [("Idempotency-Key", "attach-1")];
    let body = json!({ "customer": id });
    let answer = app.post_with(&place(0, "attach"), &key, body.clone()).await;
    assert_eq!(answer.expect(200)["changed"], true);
    let again = app.post_with(&place(0, "attach"), &key, body).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(200)["events"], answer.json()["events"]);
    assert_eq!(messages(&app, &id).await.len(), 1);

    app.post(&place(1, "dismiss"), json!({})).await.expect(200);
    assert_eq!(app.post(&place(1, "dismiss"), json!({})).await.expect(200)["changed"], false);
    let late = app.post(&place(1, "attach"), json!({ "customer": id })).await;
    late.refused(409, "unmatched_settled");
    assert!(waiting(&app).await.is_empty());
    app.rebuilt_equals_live().await;
}

/// The copy of a stranger's words goes when it is settled, and a customer's with the customer.
#[tokio::test(flavor = "multi_thread")]
async fn f189_what_was_attached_is_gone_when_the_customer_is_erased() {
    let app = TestApp::start().await;
    let id = app.person("Ada", "Byron").await;
    let headers = [("From", "canary@example.org"), ("Message-ID", "<canary-1@example.org>")];
    let answer = mail(&app, letter(&headers, "canary text")).await.expect(200);
    let place = format!("{UNMATCHED}/{}/attach", answer["id"].as_str().unwrap());
    app.post(&place, json!({ "customer": id })).await.expect(200);
    let erase = app.request(Method::POST, &format!("/v1/customers/{id}/erase"));
    let version = app.strong(&id).await["version"].to_string();
    let erase = erase.header("If-Match", version).header("Idempotency-Key", "erase");
    send(erase.json(&json!({ "confirm": "erase" }))).await.expect(200);
    let events = app.get("/v1/events?limit=200").await.text;
    assert!(!events.contains("canary"), "{events}");
    app.rebuilt_equals_live().await;
    let read = "SELECT count(*) FROM unmatched.document WHERE body::text LIKE '%canary%'";
    let left: i64 = app.superuser().await.query_one(read, &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_a_reply_finds_the_message_that_it_answers() {
    let app = TestApp::start().await;
    let id = customer(&app, "ada@example.com").await;
    let path = format!("/v1/customers/{id}/messages");
    let sent = json!({ "subject": "Your offer", "text": "Here it is." });
    let sent = app.post(&path, sent).await.expect(201)["id"].as_str().unwrap().to_owned();
    let references = format!("<{sent}@crm.example.org>");
    // From another address than the one that is known.
    let headers = [
        ("From", "ada.private@example.net"),
        ("Subject", "Re: Your offer"),
        ("Message-ID", "<reply@example.net>"),
        ("References", &references),
        ("In-Reply-To", &references),
    ];
    let answer = mail(&app, letter(&headers, "I take it.")).await.expect(200);
    assert_eq!((&answer["outcome"], &answer["customer"]), (&json!("recorded"), &json!(id)));
    let event = &messages(&app, &id).await[0];
    assert_eq!(event["data"]["in_reply_to"], json!(sent));
    assert_eq!(event["data"]["thread"], json!(format!("{sent}@crm.example.org")));

    // The next one, with only the first of the conversation among its references.
    let references = format!("{references} <reply@example.net>");
    let headers = [
        ("From", "ada.private@example.net"),
        ("Message-ID", "<reply-2@example.net>"),
        ("In-Reply-To", "<reply@example.net>"),
        ("References", &references),
    ];
    mail(&app, letter(&headers, "One more thing.")).await.expect(200);
    let event = &messages(&app, &id).await[1];
    assert_eq!(event["data"]["in_reply_to"], answer["id"]);
    assert_eq!(event["data"]["thread"], json!(format!("{sent}@crm.example.org")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_a_bounce_is_told_of_the_message_that_bounced() {
    let app = TestApp::start().await;
    let id = customer(&app, "ada@example.com").await;
    let path = format!("/v1/customers/{id}/messages");
    let sent = json!({ "subject": "Your offer", "text": "Here it is." });
    let sent = app.post(&path, sent).await.expect(201)["id"].as_str().unwrap().to_owned();
    let report = |action: &str, of: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: office@example.org\r\n\
             Subject: Undelivered Mail\r\nMessage-ID: <{action}-{of}@mx.example.com>\r\n\
             Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nThe mail could not be brought.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.com\r\n\r\n\
             Final-Recipient: rfc822; ada@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
             Message-ID: <{of}@crm.example.org>\r\nSubject: Your offer\r\n\r\n--b--\r\n"
        )
    };
    mail(&app, report("delivered", &sent)).await.expect(200);
    let answer = mail(&app, report("failed", &sent)).await.expect(200);
    assert_eq!((&answer["outcome"], &answer["id"]), (&json!("recorded"), &json!(sent)));
    mail(&app, report("failed", &sent)).await.expect(200);
    let events = messages(&app, &id).await;
    assert_eq!(column(&events, "type"), ["message.delivered", "message.failed"]);
    assert_eq!(events[1]["data"]["reason"], "550 5.1.1 No such user");
    assert_eq!(events[1]["data"]["final"], true);
    // A bounce of what we never sent is nobody's lead.
    let stranger = report("failed", "0199a1b2-0000-7000-8000-00000000dead");
    assert_eq!(mail(&app, stranger).await.expect(200)["outcome"], "ignored");
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn f189_rules_answer_people_and_not_machines() {
    let app = TestApp::start().await;
    let id = customer(&app, "ada@example.com").await;
    let then = json!([{ "action": "add_tag", "tag": "wrote" }]);
    let when = json!({ "field": "event.channel", "op": "eq", "value": "email" });
    app.rule("message.received", json!({ "when": when, "then": then })).await;
    let absence = [
        ("From", "ada@example.com"),
        ("Subject", "Out of office"),
        ("Message-ID", "<absence@example.com>"),
        ("Auto-Submitted", "auto-replied (vacation)"),
    ];
    mail(&app, letter(&absence, "Back on Monday.")).await.expect(200);
    app.settled().await;
    assert_eq!(app.strong(&id).await["tags"], json!([]));
    let event = &messages(&app, &id).await[0];
    assert_eq!(event["data"]["automatic"], true);
    let written = [("From", "ada@example.com"), ("Message-ID", "<own@example.com>")];
    mail(&app, letter(&written, "I am back.")).await.expect(200);
    app.settled().await;
    assert_eq!(app.strong(&id).await["tags"], json!(["wrote"]));
    let timeline = app.get_fresh(&format!("/v1/customers/{id}/timeline")).await;
    assert!(timeline.text.contains("received an e-mail"), "{}", timeline.text);
}

/// Replies as eleven mail programs write them.
#[tokio::test(flavor = "multi_thread")]
async fn mails_of_many_programs_are_read() {
    let app = TestApp::start().await;
    let mut read = 0;
    for file in std::fs::read_dir("data/inbound/mail").unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let answer = mail(&app, std::fs::read(&path).unwrap()).await.expect(200);
        assert_eq!(answer["outcome"], "unmatched", "{}", path.display());
        read += 1;
    }
    assert_eq!(read, 12);
    for row in waiting(&app).await {
        assert!(row["text"].as_str().unwrap().contains("Hello"), "{row}");
        assert!(row["from"].as_str().unwrap().contains('@'), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_is_broken_in_any_way_is_kept_as_far_as_it_can_be_read() {
    let app = TestApp::start().await;
    let id = customer(&app, "ada@example.com").await;
    let head = |id: u32, more: &str| {
        format!("From: ada@example.com\r\nMessage-ID: <n{id}@example.com>\r\n{more}\r\n")
    };
    let nasty: [(Vec<u8>, &str); 7] = [
        // A multipart that never ends, with a boundary that is not its own.
        (
            head(1, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n")
                .into_bytes(),
            "",
        ),
        // Latin-1 that is called UTF-8.
        (
            [head(2, "Content-Type: text/plain; charset=utf-8\r\n").as_bytes(), b"Gr\xfc\xdfe"]
                .concat(),
            "Gr",
        ),
        // A charset that there is not.
        (
            [head(3, "Content-Type: text/plain; charset=x-klingon\r\n").as_bytes(), b"nuqneH"]
                .concat(),
            "nuqneH",
        ),
        ([head(4, "").as_bytes(), b"a\0b\x07c"].concat(), "abc"),
        (
            [
                head(5, "Content-Type: text/html\r\n").as_bytes(),
                b"<p>Hello <b>Ada</b></p><script>x()</script>",
            ]
            .concat(),
            "Hello Ada",
        ),
        (
            [head(6, "Content-Transfer-Encoding: base64\r\n").as_bytes(), b"!!not base64!!"]
                .concat(),
            "",
        ),
        (head(7, &"X-Long: y\r\n".repeat(5_000)).into_bytes(), ""),
    ];
    for (bytes, text) in nasty {
        let answer = mail(&app, bytes).await.expect(200);
        assert_eq!(answer["customer"], json!(id), "{text}");
        let event = messages(&app, &id).await.pop().unwrap();
        let found = event["data"]["text"].as_str().unwrap_or_default();
        assert!(found.contains(text), "{found:?} {text:?}");
        assert!(!found.contains(['\0', '\u{7}']), "{found:?}");
    }
    for (bytes, code) in [("", "mail_unreadable"), ("Subject: x\r\n\r\nx", "mail_unreadable")] {
        mail(&app, bytes).await.refused(422, code);
    }
    let huge = vec![b'a'; 26 * 1024 * 1024];
    mail(&app, huge).await.refused(413, "body_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_of_an_archived_customer_lands_in_the_archive_with_its_attachments_named() {
    let app = TestApp::start().await;
    let id = customer(&app, "ada@example.com").await;
    app.post(&format!("/v1/customers/{id}/archive"), json!({})).await.expect(200);
    let bytes = "From: ada@example.com\r\nMessage-ID: <a@example.com>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n\
        --b\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=\"=?utf-8?q?Gr=C3=B6=C3=9Fe=2Epdf?=\"\r\n\r\nx\r\n\
        --b--\r\n";
    let answer = mail(&app, bytes).await.expect(200);
    assert_eq!((&answer["outcome"], &answer["customer"]), (&json!("recorded"), &json!(id)));
    let event = &messages(&app, &id).await[0];
    assert_eq!(event["data"]["attachments"], json!(["Größe.pdf"]));
}
