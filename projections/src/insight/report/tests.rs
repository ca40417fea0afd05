use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::{Periods, PeriodsError, Step, Table, Wanted};

const TODAY: Date = date(2026, 11, 22);

fn firsts(from: Option<Date>, to: Option<Date>, step: Step) -> Vec<Date> {
    Periods::of(&Wanted { from, to, step }, TODAY).unwrap().firsts
}

#[test]
fn what_is_not_said_is_the_time_up_to_today() {
    let months = firsts(None, None, Step::Month);
    assert_eq!((months.len(), months[0], months[11]), (12, date(2025, 12, 1), date(2026, 11, 1)));
    let weeks = firsts(None, None, Step::Week);
    assert_eq!((weeks.len(), weeks[0], weeks[11]), (12, date(2026, 8, 31), date(2026, 11, 16)));
    let days = firsts(None, None, Step::Day);
    assert_eq!((days.len(), days[0], days[29]), (30, date(2026, 10, 24), TODAY));
}

#[test]
fn the_first_period_begins_where_it_is_asked_for_and_the_next_with_its_week_or_month() {
    let (from, to) = (Some(date(2026, 1, 15)), Some(date(2026, 3, 1)));
    let months = [date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1)];
    assert_eq!(firsts(from, to, Step::Month), months);
    let weeks = firsts(from, to, Step::Week);
    assert_eq!(weeks[..3], [date(2026, 1, 15), date(2026, 1, 19), date(2026, 1, 26)]);
    assert_eq!(firsts(from, from, Step::Day), [date(2026, 1, 15)]);
}

#[test]
fn a_report_goes_forward_and_has_an_end() {
    let (from, to) = (date(2026, 2, 1), date(2026, 1, 1));
    let wanted = Wanted { from: Some(from), to: Some(to), step: Step::Month };
    let refused = Periods::of(&wanted, TODAY).err();
    assert_eq!(refused, Some(PeriodsError::Backwards { from, to }));
    let wanted = Wanted { from: Some(date(-9000, 1, 1)), to: None, step: Step::Month };
    assert_eq!(Periods::of(&wanted, TODAY).err(), Some(PeriodsError::TooMany));
    let last = firsts(Some(Date::MAX), Some(Date::MAX), Step::Day);
    assert_eq!(last, [Date::MAX]);
}

/// The day on which clocks are put back has an hour more.
#[test]
fn days_begin_where_the_organisation_is() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let day = Some(date(2026, 10, 25));
    let periods = Periods::of(&Wanted { from: day, to: day, step: Step::Day }, TODAY).unwrap();
    let moments = periods.moments(&zone);
    assert_eq!((moments[1] - moments[0]) / 3_600_000_000, 25);
}

#[test]
fn a_flag_is_open_at_the_end_of_each_period_until_it_is_cleared() {
    let wanted =
        Wanted { from: Some(date(2026, 1, 1)), to: Some(date(2026, 3, 31)), ..Wanted::default() };
    let mut table = Table::new(Periods::of(&wanted, TODAY).unwrap());
    table.count("manual_flag", 0, Some(2), 1);
    table.count("manual_flag", 1, Some(4), 10);
    table.count("manual_flag", 2, Some(2), 100);
    table.count("manual_flag", 3, None, 1_000);
    table.count("manual_flag", 4, None, 10_000);
    let counts = table.counts["manual_flag"].iter();
    let counts: Vec<_> = counts.map(|at| (at.raised, at.cleared, at.open)).collect();
    assert_eq!(counts, [(10, 0, 11), (100, 101, 10), (1_000, 0, 1_010)]);
    let body = table.body();
    let whole = body["types"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&whole["raised"], &whole["cleared"], &whole["open"]),
        (&1110.into(), &101.into(), &1010.into())
    );
    assert_eq!(
        (&body["periods"][0]["to"], &body["periods"][2]["to"]),
        (&"2026-01-31".into(), &"2026-03-31".into())
    );
    assert_eq!(body["types"].as_array().unwrap().len(), 8);
}
