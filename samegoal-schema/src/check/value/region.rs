//! States, territories and provinces, as they appear in addresses.

/// A state, or a region like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// A US state whose ZIP codes begin with 0.
    WithZeros,
    /// Another US state, a territory or a military mail region.
    American,
    /// A Canadian province.
    Canadian,
}

/// The region that a value names, by its abbreviation or its name.
pub(super) fn region(text: &[u8]) -> Option<Region> {
    if text.len() < 2 || text.len() > 30 {
        return None;
    }
    let is = |name: &&str| text.eq_ignore_ascii_case(name.as_bytes());
    [(WITH_ZEROS, Region::WithZeros), (AMERICAN, Region::American), (CANADIAN, Region::Canadian)]
        .into_iter()
        .find_map(|(names, region)| names.iter().any(&is).then_some(region))
}

#[rustfmt::skip]
const WITH_ZEROS: &[&str] = &[
    "CT", "MA", "ME", "NH", "NJ", "RI", "VT", "PR", "VI",
    "Connecticut", "Massachusetts", "Maine", "New Hampshire", "New Jersey", "Rhode Island", "Vermont",
    "Puerto Rico", "Virgin Islands", "U.S. Virgin Islands",
    // Armed forces in Europe.
    "AE",
];

#[rustfmt::skip]
const AMERICAN: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY",
    "LA", "MD", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NM", "NV", "NY", "OH", "OK", "OR", "PA",
    "SC", "SD", "TN", "TX", "UT", "VA", "WA", "WI", "WV", "WY",
    "AS", "GU", "MP", "UM", "FM", "MH", "PW", "AA", "AP",
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "District of Columbia",
    "D.C.", "Washington DC", "Washington, D.C.", "Delaware", "Florida", "Georgia", "Hawaii", "Iowa",
    "Idaho", "Illinois", "Indiana", "Kansas", "Kentucky", "Louisiana", "Maryland", "Michigan",
    "Minnesota", "Missouri", "Mississippi", "Montana", "North Carolina", "North Dakota", "Nebraska",
    "New Mexico", "Nevada", "New York", "Ohio", "Oklahoma", "Oregon", "Pennsylvania", "South Carolina",
    "South Dakota", "Tennessee", "Texas", "Utah", "Virginia", "Washington", "Wisconsin",
    "West Virginia", "Wyoming", "American Samoa", "Guam", "Northern Mariana Islands", "Micronesia",
    "Marshall Islands", "Palau", "Armed Forces Americas", "Armed Forces Pacific", "Armed Forces Europe",
];

#[rustfmt::skip]
const CANADIAN: &[&str] = &[
    "AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT",
    "Alberta", "British Columbia", "Manitoba", "New Brunswick", "Newfoundland and Labrador",
    "Nova Scotia", "Northwest Territories", "Nunavut", "Ontario", "Prince Edward Island", "Quebec",
    "Québec", "Saskatchewan", "Yukon",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_states_in_any_case() {
        for (text, expected) in [
            ("OH", Some(Region::American)),
            ("oh", Some(Region::American)),
            ("Ohio", Some(Region::American)),
            ("MA", Some(Region::WithZeros)),
            ("new jersey", Some(Region::WithZeros)),
            ("AE", Some(Region::WithZeros)),
            ("ON", Some(Region::Canadian)),
            ("Québec", Some(Region::Canadian)),
            ("ZZ", None),
            ("Dayton", None),
            ("", None),
            ("45402", None),
        ] {
            assert_eq!(region(text.as_bytes()), expected, "{text}");
        }
    }
}
