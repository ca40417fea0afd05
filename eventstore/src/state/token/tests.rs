use super::{TokenKind, checksum, is_well_formed};

#[test]
fn a_token_is_told_by_its_checksum() {
    for kind in [TokenKind::Personal, TokenKind::Service] {
        let begin = format!("{}{}", kind.prefix(), "0a".repeat(32));
        let token = format!("{begin}{}", checksum(&begin));
        assert!(is_well_formed(&token), "{token}");
        assert!(is_well_formed(&begin), "a token of the time before");
        let other = token.replacen("0a", "0b", 1);
        assert!(!is_well_formed(&other), "{other}");
    }
    for text in ["", "dsr_pat_", "dsr_pat_zz", "dsr_xyz_", "ghp_0a0a"] {
        assert!(!is_well_formed(text), "{text}");
    }
}
