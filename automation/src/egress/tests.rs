use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn egress(loopback: bool) -> Egress {
    let timeout = Duration::from_millis(500);
    Egress::new(Settings { loopback, timeout }).unwrap()
}

#[test]
fn special_addresses_are_not_public() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!public::is_public(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn what_lies_beside_them_is_public() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00:1450::1",
    ] {
        assert!(public::is_public(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn an_address_is_judged_however_it_is_written() {
    let strict = egress(false);
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1./",
        "http://[::1]:8080/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "http://169.254.169.254/latest/meta-data/",
    ] {
        assert!(matches!(strict.check(url), Err(Forbidden::NotPublic(_))), "{url}");
    }
    assert!(matches!(strict.check("ftp://a.example/"), Err(Forbidden::Scheme)));
    assert!(matches!(strict.check("file:///etc/passwd"), Err(Forbidden::Scheme)));
    assert!(matches!(strict.check("https://me@a.example/"), Err(Forbidden::UserInfo)));
    assert!(matches!(strict.check("https://"), Err(Forbidden::Unreadable(_))));
    strict.check("https://hooks.example.com:8443/in?a=b").unwrap();
}

#[test]
fn this_machine_is_called_only_where_that_is_set() {
    let lenient = egress(true);
    lenient.check("http://127.0.0.1:1234/").unwrap();
    lenient.check("http://localhost:1234/").unwrap();
    assert!(lenient.check("http://10.0.0.1/").is_err());
    assert!(lenient.check("http://[::ffff:127.0.0.1]/").is_err());
}

async fn post(egress: &Egress, url: &str) -> Result<Answer, Error> {
    egress.post(url, HeaderMap::new(), "{}".to_owned()).await.answer
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_refused_before_anybody_is_called() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
    let refused = post(&egress(false), &url).await;
    assert!(matches!(refused, Err(Error::Forbidden(Forbidden::NotPublic(_)))), "{refused:?}");
    let called = timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(called.is_err(), "somebody connected");
}

/// Answers one call with these bytes and says what was asked.
async fn serve(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in?key=1", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let count = stream.read(&mut asked).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(asked[..count].to_vec()).unwrap()
    });
    (url, asked)
}

#[tokio::test]
async fn a_call_says_who_calls_and_an_answer_is_kept_as_far_as_it_is_text() {
    let (url, asked) = serve(
        "HTTP/1.1 503 Later\r\nRetry-After: 7\r\nContent-Type: text/plain\r\n\
         Content-Length: 5\r\n\r\nlat\0r",
    )
    .await;
    let answer = post(&egress(true), &url).await.unwrap();
    assert_eq!((answer.status, answer.retry_after), (503, Some(Duration::from_secs(7))));
    assert_eq!(answer.text.unwrap(), "lat\u{fffd}r");
    let asked = asked.await.unwrap().to_lowercase();
    assert!(asked.starts_with("post /in?key=1 http/1.1\r\n"), "{asked}");
    for header in ["host: 127.0.0.1:", "user-agent: dossier/", "content-type: application/json"] {
        assert!(asked.contains(header), "{asked}");
    }
    let (url, _) = serve("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nbytes").await;
    assert_eq!(post(&egress(true), &url).await.unwrap().text, None);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (url, _) = serve("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n").await;
    assert_eq!(post(&egress(true), &url).await.unwrap().status, 302);
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let silent = post(&egress(true), &url).await;
    assert!(matches!(silent, Err(Error::Timeout)), "{silent:?}");
    let insecure = url.replace("http:", "https:");
    drop(listener);
    assert!(matches!(post(&egress(true), &insecure).await, Err(Error::Connect(_))));
    let (url, _) = serve("no TLS here").await;
    let plain = post(&egress(true), &url.replace("http:", "https:")).await;
    assert!(matches!(plain, Err(Error::Secure(_))), "{plain:?}");
}

#[test]
fn a_wait_is_given_in_seconds_or_as_a_date() {
    assert_eq!(wait("120"), Some(Duration::from_secs(120)));
    assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
    let later = wait("Fri, 31 Dec 2100 23:59:59 GMT").unwrap();
    assert!(later > Duration::from_secs(3600), "{later:?}");
    assert_eq!(wait("soon"), None);
}
