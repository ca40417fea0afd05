//! Who issues cards: the beginnings and lengths of their numbers (ISO/IEC 7812).

/// Beginnings from and to, of equally many digits, with the lengths of whole numbers. UATP, whose
/// numbers begin with any 1, is left out: so do too many numbers of other things.
pub(super) const ISSUERS: &[(u32, u32, &[usize])] = &[
    // Visa
    (4, 4, &[13, 16, 19]),
    // Mastercard
    (51, 55, &[16]),
    (2221, 2720, &[16]),
    // American Express
    (34, 34, &[15]),
    (37, 37, &[15]),
    // Diners Club
    (300, 305, &[14, 16, 19]),
    (3095, 3095, &[14, 16, 19]),
    (36, 36, &[14, 16, 19]),
    (38, 39, &[14, 16, 19]),
    // Discover and those who go by it
    (6011, 6011, &[16, 17, 18, 19]),
    (644, 649, &[16, 17, 18, 19]),
    (65, 65, &[16, 17, 18, 19]),
    // UnionPay
    (62, 62, &[16, 17, 18, 19]),
    (81, 81, &[16, 17, 18, 19]),
    // JCB
    (3528, 3589, &[16, 17, 18, 19]),
    // Maestro
    (5018, 5018, &[13, 14, 15, 16, 17, 18, 19]),
    (5020, 5020, &[13, 14, 15, 16, 17, 18, 19]),
    (5038, 5038, &[13, 14, 15, 16, 17, 18, 19]),
    (5612, 5612, &[13, 14, 15, 16, 17, 18, 19]),
    (5893, 5893, &[13, 14, 15, 16, 17, 18, 19]),
    (6304, 6304, &[13, 14, 15, 16, 17, 18, 19]),
    (6390, 6390, &[13, 14, 15, 16, 17, 18, 19]),
    (6759, 6759, &[13, 14, 15, 16, 17, 18, 19]),
    (6761, 6763, &[13, 14, 15, 16, 17, 18, 19]),
    (676_770, 676_774, &[16, 18, 19]),
    // Dankort
    (5019, 5019, &[16]),
    // Mir
    (2200, 2204, &[16, 17, 18, 19]),
    // RuPay
    (60, 60, &[16]),
    (82, 82, &[16]),
    (508, 508, &[16]),
    // Elo and Hipercard
    (401_178, 401_179, &[16]),
    (506_699, 506_778, &[16]),
    (509_000, 509_999, &[16]),
    (627_780, 627_780, &[16]),
    (636_297, 636_297, &[16]),
    (606_282, 606_282, &[16]),
    // Verve
    (506_099, 506_198, &[16, 18, 19]),
    (507_865, 507_964, &[16, 18, 19]),
    // InterPayment and InstaPayment
    (636, 636, &[16, 17, 18, 19]),
    (637, 639, &[16]),
    // Troy, UzCard, Humo
    (9792, 9792, &[16]),
    (8600, 8600, &[16]),
    (9860, 9860, &[16]),
];

/// Whether some issuer's numbers begin so and are so long. A number of 13 digits that begins with 4
/// counts only in groups: Visa issues none any more, and in one piece it is a phone or an article.
pub(super) fn knows(digits: &[u8], in_groups: bool) -> bool {
    if digits.len() == 13 && digits.first() == Some(&4) && !in_groups {
        return false;
    }
    ISSUERS.iter().any(|(from, to, lengths)| {
        let beginning = beginning(digits, from.ilog10());
        lengths.contains(&digits.len()) && (*from..=*to).contains(&beginning)
    })
}

/// The first digits as a number; `places` is one less than how many.
fn beginning(digits: &[u8], places: u32) -> u32 {
    let count = usize::try_from(places).unwrap_or_default() + 1;
    digits.iter().take(count).fold(0, |number, digit| number * 10 + u32::from(*digit))
}
