use super::{issuer, *};

/// Numbers of chance from a seed, so that every run has the same (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// With the last digit that makes the Luhn sum right.
fn completed(most: &str) -> String {
    let with = |last: u8| format!("{most}{last}");
    let values = |text: &str| text.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>();
    (0..10).map(with).find(|number| has_luhn_sum(&values(number))).unwrap()
}

fn grouped(number: &str, sizes: &[usize], gap: &str) -> String {
    let (mut groups, mut rest) = (Vec::new(), number);
    for size in sizes.iter().copied().chain(std::iter::repeat(4)) {
        if rest.len() <= size {
            break;
        }
        let (group, behind) = rest.split_at(size);
        groups.push(group);
        rest = behind;
    }
    groups.push(rest);
    groups.join(gap)
}

/// The same number in another script.
fn in_script(number: &str, zero: char) -> String {
    let of = |digit: u32| char::from_u32(u32::from(zero) + digit).unwrap();
    number.chars().map(|c| c.to_digit(10).map_or(c, of)).collect()
}

fn writings(number: &str) -> Vec<String> {
    let mut all = vec![
        grouped(number, &[], " "),
        grouped(number, &[], "-"),
        grouped(number, &[], "\u{a0}"),
        grouped(number, &[], "\u{2009}"),
        grouped(number, &[], " - "),
        grouped(number, &[], "–"),
        grouped(number, &[], "."),
        grouped(number, &[4, 6, 5], " "),
        grouped(number, &[4, 3, 3, 3], "-"),
        grouped(number, &[6, 13], " "),
        grouped(number, &[2, 2, 2, 2, 2, 2], " "),
        grouped(number, &[], "\u{200b}-"),
        in_script(&grouped(number, &[], " "), '０'),
        in_script(&grouped(number, &[], "-"), '\u{660}'),
        in_script(&grouped(number, &[], " "), '\u{966}'),
        in_script(&grouped(number, &[], " "), '\u{1d7ce}'),
    ];
    // Of 13 digits with a 4 in front only what stands in groups is a card.
    if !(number.len() == 13 && number.starts_with('4')) {
        all.extend([
            number.to_owned(),
            grouped(number, &[], "\u{200b}"),
            in_script(number, '０'),
            in_script(number, '\u{6f0}'),
            format!("Karte:{number}"),
            format!("(visa {number}, 12/27)"),
            format!("card{number}exp"),
        ]);
    }
    all
}

#[test]
fn numbers_of_every_issuer_are_found_in_every_writing() {
    let mut chance = Chance(4);
    let (mut numbers, mut texts) = (0, 0);
    let kinds: usize = issuer::ISSUERS.iter().map(|(_, _, lengths)| lengths.len()).sum();
    for (from, to, lengths) in issuer::ISSUERS {
        for length in *lengths {
            for _ in 0..10_000_usize.div_ceil(kinds) {
                let beginning = u64::from(*from) + chance.below(u64::from(to - from) + 1);
                let beginning = beginning.to_string();
                let middle = chance.digits(length - 1 - beginning.len());
                let number = completed(&format!("{beginning}{middle}"));
                for text in writings(&number) {
                    let text = format!("Paid by {text} today");
                    assert!(holds_card_number(&text), "{text}");
                    texts += 1;
                }
                numbers += 1;
            }
        }
    }
    assert!(numbers >= 10_000 && texts > 200_000, "{numbers} {texts}");
}

/// The numbers that shops, banks and people have instead.
fn innocent(kind: usize, chance: &mut Chance) -> String {
    match kind {
        // Phones: with a plus, with zeros, in one piece, in groups.
        0 => format!(
            "+{}{}",
            chance.of(&["49", "43", "44", "1", "33", "55", "62", "86"]),
            chance.digits(11)
        ),
        1 => {
            let area = chance.of(&["+49 151", "+44 20", "0043 664", "+1 415", "+55 11", "030"]);
            format!("{area} {} {}", chance.digits(4), chance.digits(4))
        }
        2 => format!(
            "{}{}",
            chance.of(&["0049", "4915", "4366", "447", "6281", "3612"]),
            chance.digits(9)
        ),
        3 => format!("({}) {}-{}", chance.digits(3), chance.digits(3), chance.digits(4)),
        // Invoices and orders.
        4 => format!("RE-2026-{}", chance.digits(6)),
        5 => {
            let shop = chance.of(&["111", "114", "026", "203", "302", "306", "404", "503", "701"]);
            format!("{shop}-{}-{}", chance.digits(7), chance.digits(7))
        }
        6 => format!(
            "2026{}{}{}",
            chance.of(&["01", "05", "11"]),
            chance.of(&["02", "17", "30"]),
            chance.digits(8)
        ),
        7 => format!("#{} of {}", chance.digits(13), chance.digits(8)),
        // Bank accounts with right check digits.
        8 => account(chance),
        // Articles: EAN-13 of any country, EAN-8, ISBN.
        9 => article(chance),
        10 => format!(
            "978-{}-{}-{}-{}",
            chance.digits(1),
            chance.digits(3),
            chance.digits(5),
            chance.digits(1)
        ),
        // Ids of machines.
        11 => {
            let (high, low) = (chance.next(), chance.next());
            uuid::Uuid::from_u128((u128::from(high) << 64) | u128::from(low)).to_string()
        }
        12 => format!("{:x}{:x}{:x}", chance.next(), chance.next(), chance.next()),
        13 => format!("1{}", chance.digits(18)),
        14 => completed(&format!("35{}", chance.digits(12))),
        // Moments, places, amounts.
        15 => format!(
            "2026-11-{:02} {:02}:{:02}:{:02}.{}",
            1 + chance.below(30),
            chance.below(24),
            chance.below(60),
            chance.below(60),
            chance.digits(6)
        ),
        16 => format!("17{}", chance.digits(11)),
        17 => format!(
            "{}.{}, {}.{}",
            chance.below(90),
            chance.digits(15),
            chance.below(180),
            chance.digits(15)
        ),
        18 => format!(
            "{}.{}.{},{} EUR",
            1 + chance.below(999),
            chance.digits(3),
            chance.digits(3),
            chance.digits(2)
        ),
        _ => format!("DPD {} UPS 1Z{}", chance.digits(10), chance.digits(16)),
    }
}

/// The number of a bank account, an IBAN with right check digits.
fn account(chance: &mut Chance) -> String {
    let (country, account) = match chance.below(4) {
        0 => ("DE", chance.digits(18)),
        1 => ("AT", chance.digits(16)),
        2 => ("BE", chance.digits(12)),
        _ => ("FR", chance.digits(23)),
    };
    let letters = country.bytes().map(|byte| u32::from(byte - b'A') + 10);
    let letters: String = letters.map(|value| value.to_string()).collect();
    let rest = format!("{account}{letters}00");
    let rest = rest.bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    let account = format!("{country}{:02}{account}", 98 - rest);
    if chance.below(2) == 0 { account } else { grouped(&account, &[], " ") }
}

/// The number of an article, an EAN-13.
fn article(chance: &mut Chance) -> String {
    let most = chance.digits(12);
    let sum: u32 = most
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{most}{}", (10 - sum % 10) % 10)
}

/// Of 100,000 other numbers at most one in a thousand is taken for a card; the kinds that are stand
/// in the message.
#[test]
fn other_numbers_are_left_alone() {
    const KINDS: usize = 20;
    let mut chance = Chance(4);
    let mut wrong = [0; KINDS];
    for index in 0..100_000 {
        let kind = index % KINDS;
        let text = format!("Betreff: {} (siehe Anlage)", innocent(kind, &mut chance));
        wrong[kind] += usize::from(holds_card_number(&text));
    }
    let sum: usize = wrong.iter().sum();
    assert!(sum <= 100, "{sum} of 100,000, by kind: {wrong:?}");
    assert!(wrong.iter().all(|wrong| *wrong < 50), "of 5,000 each: {wrong:?}");
}

#[test]
fn what_cards_are_not() {
    for text in [
        "",
        "4111 1111 1111",
        "4111 1111 1111 1112",
        "+4111111111111",
        "1111111111111117",
        "4111\n1111\n1111\n1111",
        "2026-11-22, 4 x 1111, 11 x 11",
        "BE68 5390 0754 7034",
        "1Z4111111111111111",
        "GB29 NWBK 6016 1331 9268 19",
        "DE89370400440532013000",
        "16.4111111111111111",
        "4e111111-4111-4111-8111-11111111111a",
        "41111111-1111-1111-8111-111111111111",
        "4006381333931",
        "4000.1111.111.11111",
    ] {
        assert!(!holds_card_number(text), "{text}");
    }
}

#[test]
fn of_a_masked_number_the_last_four_digits_are_left() {
    for (text, masked) in [
        ("take 4111 1111 1111 1111 please", "take **** **** **** 1111 please"),
        ("3782-822463-10005/5555555555554444", "****-******-*0005/************4444"),
        ("４１１１１１１１１１１１１１１１", "************１１１１"),
        ("4111\u{200b}1111\u{200b}1111\u{200b}1111", "****\u{200b}****\u{200b}****\u{200b}1111"),
        ("call +49 151 2345 6789", "call +49 151 2345 6789"),
    ] {
        assert_eq!(mask_card_numbers(text), masked);
        assert!(!holds_card_number(&mask_card_numbers(text)), "{text}");
    }
}
