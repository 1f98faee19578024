//! The deliveries: what real districts have and what looks odd in them, one or two things in each.

use super::people::{
    AFRICAN, EAST_EUROPEAN, ENGLISH, JOINED_LETTERS, OTHER_ALPHABETS, PACIFIC_AND_NATIVE, SHORT,
    SPANISH, VIETNAMESE, WEST_EUROPEAN,
};
use super::places::{
    BORDER, CAMPUS, FAR_AWAY, FULL_NAMES, LONG_ZIPS, MASSACHUSETTS, NONE, NUMBERED, ONE_SCHOOL,
    VIRTUAL, ZEROS,
};
use super::{
    Ages, Columns, Dates, Delivery, Grades, Guardians, Ids, Letters, Quotes, Season, Shape,
};

/// Every delivery; each has a name of its own.
pub(crate) fn deliveries() -> Vec<Delivery> {
    [sizes(), names(), ids(), places(), calendar(), files(), staff()].concat()
}

/// What a district is like that is as usual but for a few things.
macro_rules! delivery {
    ($name:literal, $students:literal $(, $field:ident: $value:expr)* $(,)?) => {
        Delivery { $($field: $value,)* ..Delivery::new($name, $students) }
    };
}

fn sizes() -> Vec<Delivery> {
    vec![
        delivery!("three-students", 3, buildings: ONE_SCHOOL),
        delivery!("five-students-without-guardians", 5, guardians: Guardians::NoFile),
        delivery!("nine-students-of-one-school", 9, buildings: ONE_SCHOOL, crlf: true),
        delivery!("ten-students", 10, guardians: Guardians::Long(100)),
        delivery!("twenty-students", 20, dates: Dates::YearHyphen),
        delivery!("sixty-students", 60, quotes: Quotes::All),
        delivery!("a-small-town", 250),
        delivery!("a-town", 1_000, ids: Ids::Digits(6)),
        delivery!("a-suburb", 2_500, has_like_no_value: true, guardians: Guardians::Long(96)),
        delivery!("a-city", 5_000, names: CITY, has_like_no_value: true, ids: Ids::Digits(9)),
    ]
}

static CITY: &[super::Names] =
    &[ENGLISH, SPANISH, VIETNAMESE, WEST_EUROPEAN, EAST_EUROPEAN, OTHER_ALPHABETS, AFRICAN, SHORT];

fn names() -> Vec<Delivery> {
    vec![
        delivery!("names-english", 120, names: &[ENGLISH]),
        delivery!("names-spanish", 120, names: &[SPANISH]),
        delivery!("names-vietnamese", 120, names: &[VIETNAMESE]),
        delivery!("names-west-european", 120, names: &[WEST_EUROPEAN]),
        delivery!("names-west-european-upper", 120, names: &[WEST_EUROPEAN], letters: Letters::Upper,
            quotes: Quotes::All),
        delivery!("names-east-european", 120, names: &[EAST_EUROPEAN]),
        delivery!("names-in-other-alphabets", 120, names: &[OTHER_ALPHABETS]),
        delivery!("names-with-joined-letters", 120, names: &[JOINED_LETTERS]),
        delivery!("names-with-joined-letters-quoted", 80, names: &[JOINED_LETTERS, ENGLISH],
            quotes: Quotes::All, guardians: Guardians::Long(100)),
        delivery!("names-pacific-and-native", 120, names: &[PACIFIC_AND_NATIVE]),
        delivery!("names-african", 120, names: &[AFRICAN]),
        delivery!("names-of-one-letter", 120, names: &[SHORT]),
        delivery!("names-like-no-value", 600, has_like_no_value: true),
        delivery!("names-like-no-value-lower", 600, has_like_no_value: true,
            letters: Letters::Lower, guardians: Guardians::Long(100)),
        delivery!("names-like-no-value-upper", 600, has_like_no_value: true,
            letters: Letters::Upper),
        delivery!("names-like-no-value-once", 30, has_like_no_value: true),
    ]
}

fn ids() -> Vec<Delivery> {
    vec![
        delivery!("ids-counted-from-one", 300, ids: Ids::Counted),
        delivery!("ids-counted-from-one-in-a-town", 1_200, ids: Ids::Counted),
        delivery!("ids-of-four-digits", 200, ids: Ids::Digits(4)),
        delivery!("ids-of-five-digits", 200, ids: Ids::Digits(5)),
        delivery!("ids-of-nine-digits", 200, ids: Ids::Digits(9)),
        delivery!("ids-grown-to-nine-digits", 400, ids: Ids::Growing),
        delivery!("ids-of-four-to-nine-digits", 300, ids: Ids::AnyLength),
        delivery!("ids-with-zeros-kept", 300, ids: Ids::Zeros(6)),
        delivery!("ids-with-zeros-kept-by-few", 24, ids: Ids::Zeros(5), places: MASSACHUSETTS,
            guardians: Guardians::Long(100)),
        delivery!("ids-with-zeros-kept-quoted", 300, ids: Ids::Zeros(9), quotes: Quotes::All),
        delivery!("ids-with-letters", 200, ids: Ids::Lettered),
        delivery!("ids-hexadecimal", 200, ids: Ids::Hexadecimal),
        delivery!("ids-of-letters-and-digits", 200, ids: Ids::Mixed),
        delivery!("ids-by-year", 200, ids: Ids::Year),
    ]
}

fn places() -> Vec<Delivery> {
    vec![
        delivery!("zips-with-zeros", 200, places: MASSACHUSETTS, guardians: Guardians::Long(100)),
        delivery!("zips-of-nine-digits", 200, places: LONG_ZIPS, guardians: Guardians::Long(95)),
        delivery!("several-states", 200, places: BORDER),
        delivery!("far-away", 200, places: FAR_AWAY),
        delivery!("states-by-name", 200, places: FULL_NAMES),
        delivery!("addresses-kept-secret", 50, places: NONE),
        delivery!("campus-and-programs", 400, buildings: CAMPUS),
        delivery!("schools-by-number", 400, buildings: NUMBERED, grades: Grades::TwoDigits),
        delivery!("buildings-with-zeros", 200, buildings: ZEROS, ids: Ids::Zeros(8)),
        delivery!("virtual-school", 500, buildings: VIRTUAL, places: BORDER,
            guardians: Guardians::Short(90)),
        delivery!("adult-education", 150, ages: Ages::Adults, guardians: Guardians::NoFile,
            grades: Grades::Empty),
        delivery!("alumni-kept", 300, ages: Ages::WithAlumni),
        delivery!("preschool", 40, ages: Ages::Preschool, grades: Grades::Words),
    ]
}

fn calendar() -> Vec<Delivery> {
    vec![
        delivery!("summer", 300, today: (2026, 7, 15), season: Season::Summer),
        delivery!("rollover", 400, today: (2026, 8, 3), season: Season::Rollover,
            buildings: ONE_SCHOOL),
        delivery!("rollover-in-words", 130, today: (2026, 7, 2), season: Season::Rollover,
            grades: Grades::Words, dates: Dates::YearSlash),
        delivery!("absences-begin-anew", 300, today: (2026, 1, 20), season: Season::Restart),
        delivery!("weekend", 300, today: (2026, 1, 11), season: Season::Weekend, has_users: true),
        delivery!("letters-and-dates-changed", 300, season: Season::NewVersion,
            dates: Dates::YearHyphen),
        delivery!("born-on-new-year", 200, ages: Ages::BornOnNewYear),
        delivery!("dates-year-first-slash", 100, dates: Dates::YearSlash),
        delivery!("dates-year-first-hyphen", 100, dates: Dates::YearHyphen),
        delivery!("dates-month-first-hyphen", 100, dates: Dates::MonthHyphen),
    ]
}

fn files() -> Vec<Delivery> {
    vec![
        delivery!("required-columns-only", 200, columns: Columns::Required),
        delivery!("no-middle-names", 200, columns: Columns::WithoutMiddleName),
        delivery!("no-race", 200, columns: Columns::WithoutRace, crlf: true),
        delivery!("columns-backwards", 200, columns: Columns::Backwards),
        delivery!("a-column-of-its-own", 200, columns: Columns::OneMore),
        delivery!("some-without-guardians", 300, guardians: Guardians::Short(92)),
        delivery!("guardians-like-students", 200, guardians: Guardians::LikeStudents(97)),
        delivery!("many-without-guardians", 300, guardians: Guardians::Short(80)),
        delivery!("no-absences", 100, has_absences: false),
        delivery!("crlf-all-quoted", 200, quotes: Quotes::All, crlf: true),
        delivery!("text-quoted", 200, quotes: Quotes::Text, crlf: true),
        delivery!("no-final-line-end", 100, has_final_line_end: false),
        delivery!("no-final-line-end-quoted", 100, has_final_line_end: false, crlf: true,
            quotes: Quotes::All),
        delivery!("addresses-of-two-lines", 200, has_line_breaks: true),
        delivery!("auto-files", 200, shape: Shape::Auto),
        delivery!("auto-files-of-required-columns", 40, shape: Shape::Auto,
            columns: Columns::Required, guardians: Guardians::NoFile, has_absences: false),
        delivery!("upload-folder", 200, shape: Shape::Upload),
    ]
}

fn staff() -> Vec<Delivery> {
    vec![
        delivery!("with-staff", 200, has_users: true),
        delivery!("with-staff-quoted", 200, has_users: true, quotes: Quotes::All, crlf: true),
        delivery!("staff-of-a-campus", 400, has_users: true, buildings: CAMPUS),
        delivery!("staff-only", 0, shape: Shape::Staff),
    ]
}
