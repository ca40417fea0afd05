use serde_json::json;

use super::*;
use crate::testing::{ADA, ARCHIVED, ERASED, Given, given, id, repeats_are_harmless};

const SHA: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn subject(name: &str) -> Subject {
    let name = Personal::Known(name.to_owned());
    Subject { customer: ADA, scope: NoteScope::Internal, name }
}

fn upload(name: &str) -> serde_json::Value {
    json!({"customer": ADA, "name": name, "size_bytes": 4, "sha256": SHA,
        "media_type": "application/pdf"})
}

fn offer() -> Given<File> {
    given::<File>([]).after("file.upload", upload("offer.pdf"))
}

#[test]
fn a_file_is_internal_unless_a_scope_is_said() {
    let event = |scope| Event::Uploaded {
        subject: Subject { scope, ..subject("offer.pdf") },
        size_bytes: 4,
        sha256: Personal::Known(SHA.to_owned()),
        media_type: "application/pdf".to_owned(),
    };
    assert_eq!(event(NoteScope::Internal).key_id(id(1)), Some(ADA));
    given::<File>([]).when("file.upload", upload("offer.pdf")).then([event(NoteScope::Internal)]);
    let mut said = upload("offer.pdf");
    said["scope"] = json!("finance");
    given::<File>([]).when("file.upload", said).then([event(NoteScope::Finance)]);
    let mut unknown = upload("offer.pdf");
    unknown["scope"] = json!("everybody");
    given::<File>([]).when("file.upload", unknown).then_refused("invalid_field", "/scope");
}

#[test]
fn a_file_belongs_to_a_customer_who_is_there() {
    for (customer, code) in [
        (id(7), "customer_not_found"),
        (ARCHIVED, "customer_archived"),
        (ERASED, "customer_erased"),
    ] {
        let mut data = upload("offer.pdf");
        data["customer"] = json!(customer);
        given::<File>([]).when("file.upload", data).then_refused(code, "/customer");
    }
    offer().when("file.upload", upload("offer.pdf")).then_refused("file_exists", "");
}

/// A name is text, whatever it looks like; what would make it look like another one is refused.
#[test]
fn a_name_is_text_and_never_a_path() {
    for kept in ["../../etc/passwd", "<script>.html", "Übersicht 🧾.pdf", "CON", "a\\b", ".", "%2e"]
    {
        let events = given::<File>([]).when("file.upload", upload(kept)).events();
        assert_eq!(events.first().map(|event| event.subject().clone()), Some(subject(kept)));
    }
    for refused in ["", "  ", "a\nb", "a\0b", "invoice\u{202e}fdp.exe", "a\u{2066}b", "a\u{2028}b"]
    {
        let asked = given::<File>([]).when("file.upload", upload(refused));
        asked.then_refused("invalid_file_name", "/name");
    }
    let long = "x".repeat(256);
    given::<File>([]).when("file.upload", upload(&long)).then_refused("invalid_file_name", "/name");
    given::<File>([])
        .when("file.upload", upload("card 4111 1111 1111 1111.pdf"))
        .then_refused("card_number_refused", "/name");
}

#[test]
fn a_file_gets_another_name() {
    let renamed = Event::Renamed {
        subject: subject("Offer.pdf"),
        from: Personal::Known("offer.pdf".to_owned()),
    };
    assert_eq!(renamed.sentence(), "renamed the file \"offer.pdf\" to \"Offer.pdf\" (internal)");
    offer().when("file.rename", json!({"name": "Offer.pdf"})).then([renamed]);
    offer().when("file.rename", json!({"name": "offer.pdf"})).then([]);
    let removed = offer().after("file.remove", json!({}));
    removed.when("file.rename", json!({"name": "x"})).then_refused("file_removed", "");
}

#[test]
fn a_removed_file_comes_back_within_thirty_days() {
    let subject = subject("offer.pdf");
    offer().when("file.remove", json!({})).then([Event::Removed { subject: subject.clone() }]);
    let removed = || offer().after("file.remove", json!({}));
    removed().when("file.remove", json!({})).then([]);
    removed().when("file.restore", json!({})).then([Event::Restored { subject: subject.clone() }]);
    let state = Some(Known {
        subject,
        size_bytes: 4,
        media_type: "application/pdf".to_owned(),
        removed: true,
    });
    let removed_for = Some(SignedDuration::from_hours(24 * RESTORABLE_DAYS + 1));
    let late = File::decide(&state, Command::Restore(Restore { removed_for }));
    assert_eq!(late, Err(Error::RestoreTooLate));
    given::<File>([]).when("file.restore", json!({})).then_refused("file_not_found", "");
}

#[test]
fn repeated_commands_change_nothing() {
    let (_, events) = repeats_are_harmless::<File>([
        ("file.upload", upload("offer.pdf")),
        ("file.rename", json!({"name": "Offer.pdf"})),
        ("file.remove", json!({})),
        ("file.restore", json!({})),
    ]);
    assert_eq!(events.len(), 4);
}
