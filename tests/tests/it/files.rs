//! Files: their bytes come back as they were, under the names that they had, to whom their scope
//! is read.

use std::path::{Path, PathBuf};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::{Answer, Person, TestApp, column, rows, send};

const SCOPES: [&str; 8] =
    ["internal", "sales", "branch", "support", "finance", "fulfillment", "restricted", "customer"];
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";

/// An upload by query and bytes.
pub(crate) async fn upload(
    person: &Person,
    customer: &str,
    query: &str,
    bytes: impl Into<reqwest::Body>,
) -> Answer {
    let path = format!("/v1/customers/{customer}/files?{query}");
    send(person.request(Method::POST, &path).body(bytes)).await
}

fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

async fn kept(person: &Person, customer: &str, name: &str, bytes: &[u8]) -> String {
    let answer = upload(person, customer, &format!("name={}", encoded(name)), bytes.to_vec()).await;
    answer.expect(201)["id"].as_str().unwrap().to_owned()
}

fn download(person: &Person, file: &str) -> RequestBuilder {
    person.request(Method::GET, &format!("/v1/files/{file}/content"))
}

/// The bytes, with the answer's headers.
async fn content(person: &Person, file: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    person.get_fresh(&format!("/v1/files/{file}")).await.expect(200);
    let answer = download(person, file).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    (answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
}

/// All that lies in the folder of files.
fn objects(app: &TestApp) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&app.data_dir.path().join("files"), &mut found);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn f125_a_file_comes_back_byte_for_byte() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let large: Vec<u8> =
        (0_u32..20 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let piece = 256 * 1024;
    for (name, bytes) in [
        ("photo.png", PNG),
        ("nothing.txt", b"".as_slice()),
        ("piece.bin", &large[..piece]),
        ("one more.bin", &large[..=piece]),
        ("large.bin", &large),
    ] {
        let file = kept(&app, &customer, name, bytes).await;
        let (headers, back) = content(&app, &file).await;
        assert!(back == bytes, "{name}: {} bytes of {}", back.len(), bytes.len());
        assert_eq!(headers["content-length"], bytes.len().to_string());
        let known = app.get(&format!("/v1/files/{file}")).await.expect(200);
        assert_eq!(known["size_bytes"], bytes.len());
        assert_eq!(known["sha256"], hex::encode(Sha256::digest(bytes)), "{name}");
        assert_eq!(known["name"], name);
        assert_eq!(known["uploaded_by"]["id"], json!(app.id));
        let part = download(&app, &file).header("range", "bytes=3-9").send().await.unwrap();
        if bytes.len() > 9 {
            assert_eq!(part.status(), 206);
            let told = format!("bytes 3-9/{}", bytes.len());
            assert_eq!(part.headers()["content-range"], told);
            assert_eq!(part.bytes().await.unwrap(), &bytes[3..=9]);
        }
    }
    let across = kept(&app, &customer, "across.bin", &large[..3 * piece]).await;
    app.get_fresh(&format!("/v1/files/{across}")).await.expect(200);
    let range = format!("bytes={}-{}", piece - 2, 2 * piece + 1);
    let part = download(&app, &across).header("range", range).send().await.unwrap();
    assert!(part.bytes().await.unwrap() == large[piece - 2..2 * piece + 2]);
    let list = rows(&app.get_fresh(&format!("/v1/customers/{customer}/files")).await);
    let names =
        ["across.bin", "large.bin", "one more.bin", "piece.bin", "nothing.txt", "photo.png"];
    assert_eq!(column(&list, "name"), names);
    let shown = app.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
    assert_eq!(shown["counters"]["files"], 6);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f125_a_hostile_file_is_kept_and_never_shown_as_a_page() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let gif = [b"GIF89a".as_slice(), b"/*<script>alert(1)</script>*/"].concat();
    let pdf = b"%PDF-1.4\n<script>alert(1)</script>".as_slice();
    let zip = b"PK\x03\x04<html><script>alert(1)</script>".as_slice();
    for (name, bytes, media_type) in [
        ("<script>alert(1)</script>.html", b"<html><script>1</script>".as_slice(), None),
        ("../../../../etc/passwd", b"root:x:0:0".as_slice(), None),
        ("..\\..\\boot.ini", b"x".as_slice(), None),
        ("/etc/shadow", b"x".as_slice(), None),
        ("C:\\Windows\\win.ini", b"x".as_slice(), None),
        (".htaccess", b"x".as_slice(), None),
        ("..", b"x".as_slice(), None),
        ("CON", b"x".as_slice(), None),
        ("%2e%2e%2fx", b"x".as_slice(), None),
        ("a\"; filename=\"b.exe", b"x".as_slice(), None),
        ("Übersicht 🧾 – Größe.pdf", pdf, Some("application/pdf")),
        ("Hợp đồng.png", PNG, Some("image/png")),
        ("photo.jpg.svg", b"<svg onload=\"alert(1)\"/>".as_slice(), None),
        (
            "x.xml",
            b"<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"file:///etc/passwd\">".as_slice(),
            None,
        ),
        ("mouse.gif", gif.as_slice(), Some("image/gif")),
        ("not a photo.png", zip, None),
        ("run.png", b"MZ\x90\0\x03".as_slice(), None),
        ("=HYPERLINK(\"x\")", b"x".as_slice(), None),
        ("{{7*7}}${7*7}<%= 7 %>", b"x".as_slice(), None),
    ] {
        let file = kept(&app, &customer, name, bytes).await;
        let (headers, back) = content(&app, &file).await;
        assert_eq!(back, bytes, "{name}");
        let served = media_type.unwrap_or("application/octet-stream");
        assert_eq!(headers["content-type"], served, "{name}");
        let disposition = headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let known = app.get(&format!("/v1/files/{file}")).await.expect(200);
        assert_eq!(known["name"], name);
    }
    // No name became a path.
    for object in objects(&app) {
        let parts = object.strip_prefix(app.data_dir.path().join("files")).unwrap();
        let parts: Vec<&str> = parts.iter().map(|part| part.to_str().unwrap()).collect();
        assert!(parts.len() == 3 && parts.iter().all(|part| part.parse::<Uuid>().is_ok()));
    }
    for name in ["", "%20", "a%0Ab", "a%00b", "invoice%E2%80%AEfdp.exe", &"x".repeat(256)] {
        let refused = upload(&app, &customer, &format!("name={name}"), "x").await;
        assert_eq!(refused.refused(400, "invalid_parameter")["errors"][0]["parameter"], "name");
    }
    upload(&app, &customer, "", "x").await.refused(400, "invalid_parameter");
    upload(&app, &customer, "name=4111%201111%201111%201111.png", "x")
        .await
        .refused(422, "card_number_refused");
    let known = column(&rows(&app.get_fresh(&files_of(&customer)).await), "id");
    assert_eq!(known.len(), objects(&app).len(), "what was refused left nothing");
}

fn files_of(customer: &str) -> String {
    format!("/v1/customers/{customer}/files?limit=200")
}

#[tokio::test(flavor = "multi_thread")]
async fn f125_a_file_out_of_scope_is_absent_everywhere() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let mut files = Vec::new();
    for scope in SCOPES {
        let query = format!("name=canary-{scope}&scope={scope}");
        let file = upload(&app, &customer, &query, "x").await.expect(201)["id"].clone();
        files.push((scope, file.as_str().unwrap().to_owned()));
    }
    for (role, read) in [
        ("manager", SCOPES.as_slice()),
        ("support", &["internal", "support", "fulfillment", "restricted", "customer"]),
        ("sales", &["internal", "sales", "customer"]),
        ("viewer", &["customer"]),
    ] {
        let somebody = app.user(&[role]).await;
        let shown = somebody.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
        assert_eq!(shown["counters"]["files"], read.len(), "{role}");
        let mut seen = column(&rows(&somebody.get_fresh(&files_of(&customer)).await), "scope");
        seen.reverse();
        assert_eq!(seen, read, "{role}");
        let history = somebody.get(&format!("/v1/customers/{customer}/history")).await;
        let events = somebody.get("/v1/events?limit=200").await;
        for (scope, file) in &files {
            let may = read.contains(scope);
            for text in [&history.text, &events.text] {
                assert_eq!(text.contains(&format!("canary-{scope}")), may, "{role} {scope}");
            }
            let path = format!("/v1/files/{file}");
            let (known, bytes) = (somebody.get(&path).await, download(&somebody, file));
            let bytes = send(bytes).await;
            if may {
                known.expect(200);
                assert_eq!(bytes.text, "x");
            } else {
                known.refused(404, "file_not_found");
                bytes.refused(404, "file_not_found");
                let removed = somebody.delete(&path).await;
                let wanted = if role == "viewer" { 403 } else { 404 };
                assert_eq!(removed.status, wanted, "{role} {scope}: {}", removed.text);
            }
        }
        if role == "viewer" {
            upload(&somebody, &customer, "name=x", "x").await.denied("file.write");
        } else if role == "sales" {
            upload(&somebody, &customer, "name=x&scope=finance", "x").await.denied("file.write");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f125_a_removed_file_comes_back_and_an_erased_one_does_not() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let file = kept(&app, &customer, "passport.png", PNG).await;
    let path = format!("/v1/files/{file}");
    app.post(&format!("{path}/rename"), json!({ "name": "Passport.png" })).await.expect(200);
    assert_eq!(app.get_fresh(&path).await.expect(200)["name"], "Passport.png");
    app.post(&format!("{path}/rename"), json!({ "name": "a\u{202e}b" }))
        .await
        .wrong_field("/name", "invalid_file_name");
    app.delete(&path).await.expect(200);
    app.get_fresh(&path).await.refused(404, "file_not_found");
    send(download(&app, &file)).await.refused(404, "file_not_found");
    app.post(&format!("{path}/rename"), json!({ "name": "x" })).await.refused(422, "file_removed");
    let counted = app.get_fresh(&format!("/v1/customers/{customer}")).await.expect(200);
    assert_eq!(counted["counters"]["files"], 0);
    app.post(&format!("{path}/restore"), json!({})).await.expect(200);
    assert_eq!(content(&app, &file).await.1, PNG);
    let bytes = std::fs::read(&objects(&app)[0]).unwrap();
    assert!(!bytes.windows(4).any(|part| part == b"IHDR"), "they lie sealed");

    let seen = app.strong(&customer).await["version"].clone();
    let headers = [("Idempotency-Key", "erase"), ("If-Match", &format!("\"{seen}\""))];
    let erase = format!("/v1/customers/{customer}/erase");
    app.post_with(&erase, &headers, json!({ "confirm": "erase" })).await.expect(200);
    app.get_fresh(&path).await.refused(404, "file_not_found");
    send(download(&app, &file)).await.refused(404, "file_not_found");
    assert!(objects(&app).is_empty(), "the bytes are gone");
    let events = app.get("/v1/events?limit=200&types=file.*").await;
    assert!(!events.text.to_lowercase().contains("passport"), "{}", events.text);
    app.rebuilt_equals_live().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f125_an_upload_happens_once_and_is_refused_before_its_bytes_are_read() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let path = format!("/v1/customers/{customer}/files?name=offer.pdf");
    let sent = async |bytes: &'static str| {
        send(app.request(Method::POST, &path).header("Idempotency-Key", "k").body(bytes)).await
    };
    let first = sent("%PDF-1.7").await;
    let file = first.expect(201)["id"].clone();
    assert_eq!(first.header("location"), format!("/v1/files/{}", file.as_str().unwrap()));
    let again = sent("%PDF-1.7").await;
    assert_eq!(
        (again.expect(201)["id"].clone(), again.header("idempotency-replayed")),
        (file, "true")
    );
    sent("another").await.refused(422, "idempotency_key_reused");
    let tried = upload(&app, &customer, "name=x&dry_run=true", "12345").await.expect(200);
    assert_eq!(tried["would_emit"][0]["data"]["size_bytes"], 5, "{tried}");
    assert_eq!(objects(&app).len(), 1);

    let too_large = upload(&app, &customer, "name=x", vec![0; (25 << 20) + 1]).await;
    too_large.refused(413, "file_too_large");
    let stranger = Uuid::now_v7().to_string();
    upload(&app, &stranger, "name=x", "x").await.refused(404, "customer_not_found");
    upload(&app, &customer, "name=x&scope=everybody", "x").await.refused(400, "invalid_parameter");
    app.post(&format!("/v1/customers/{customer}/archive"), json!({})).await.expect(200);
    upload(&app, &customer, "name=x", "x").await.refused(422, "customer_archived");
    let command = json!({ "type": "file.upload", "id": stranger, "data": {} });
    app.post("/v1/commands", command).await.refused(422, "unknown_command");
    assert_eq!(objects(&app).len(), 1);
}

/// Bytes of which no event tells, an upload that broke off for instance, go after a day.
#[tokio::test(flavor = "multi_thread")]
async fn f125_bytes_that_nobody_knows_of_are_let_go() {
    let app = TestApp::start().await;
    let customer = app.person("Ada", "Byron").await;
    let file = kept(&app, &customer, "offer.pdf", b"%PDF").await;
    let object = objects(&app).remove(0);
    let (young, old) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    for stray in [&young, &old] {
        std::fs::copy(&object, object.with_file_name(stray)).unwrap();
    }
    let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 86_400);
    for path in [&object, &object.with_file_name(&old)] {
        let kept = std::fs::File::options().write(true).open(path).unwrap();
        kept.set_modified(two_days_ago).unwrap();
    }
    let app = app.restart().await;
    let names = || -> Vec<Value> {
        let mut names: Vec<_> =
            objects(&app).iter().map(|path| json!(path.file_name().unwrap().to_str())).collect();
        names.sort_by_key(Value::to_string);
        names
    };
    let mut wanted = [json!(file), json!(young)];
    wanted.sort_by_key(Value::to_string);
    let since = std::time::Instant::now();
    while names() != wanted {
        assert!(since.elapsed().as_secs() < 20, "{:?}", names());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // Bytes that were changed, or moved to another file, are not given out.
    std::fs::copy(object.with_file_name(&young), &object).unwrap();
    let mut bytes = std::fs::read(&object).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&object, bytes).unwrap();
    assert_eq!(download(&app, &file).send().await.unwrap().status(), 500);
    std::fs::remove_file(&object).unwrap();
    send(download(&app, &file)).await.refused(404, "file_content_missing");
}
