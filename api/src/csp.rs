//! What a page may load and do in a browser, said in `Content-Security-Policy`.

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// For data: whoever opens an answer as a page gets one that can do nothing.
pub(crate) const DATA: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For Swagger UI, which writes styles into its elements and draws `data:` images.
pub(crate) const READER: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// What makes a `<style>` element of a page one of ours: made anew each time the page is sent.
#[derive(Debug)]
pub(crate) struct Nonce(String);

impl Nonce {
    /// 128 random bits.
    pub(crate) fn make() -> Self {
        Self(STANDARD.encode(rand::random::<[u8; 16]>()))
    }

    /// For the attribute `nonce`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// For pages of ours: scripts from files only, styles from files and elements with the nonce,
/// nothing from elsewhere.
pub(crate) fn page(nonce: &Nonce) -> HeaderValue {
    let Nonce(nonce) = nonce;
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(DATA))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Nonce, page};

    #[test]
    fn every_page_has_a_nonce_of_its_own_and_its_policy_names_it() {
        let nonces: Vec<Nonce> = (0..100).map(|_| Nonce::make()).collect();
        let policies: BTreeSet<String> =
            nonces.iter().map(|nonce| page(nonce).to_str().unwrap().to_owned()).collect();
        assert_eq!(policies.len(), 100);
        for nonce in &nonces {
            let source = format!(" 'nonce-{}';", nonce.as_str());
            assert!(nonce.as_str().len() >= 22);
            assert!(policies.iter().any(|policy| policy.contains(&source)), "{source}");
        }
    }

    #[test]
    fn a_page_runs_nothing_that_stands_in_its_text() {
        let policy = page(&Nonce::make());
        let policy = policy.to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-")
        );
        assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'));
    }
}
