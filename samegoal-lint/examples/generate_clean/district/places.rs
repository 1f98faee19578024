//! Where students live, and where they go to school.

/// A city with its state, zip code and county.
pub(crate) type Place = (&'static str, &'static str, &'static str, &'static str);

pub(crate) const OHIO: &[Place] = &[
    ("Dayton", "OH", "45402", "Montgomery"),
    ("Kettering", "OH", "45429", "Montgomery"),
    ("Lima", "OH", "45801", "Allen"),
    ("Athens", "OH", "45701", "Athens"),
    ("St. Clairsville", "OH", "43950", "Belmont"),
];

/// Zip codes that begin with zeros.
pub(crate) const MASSACHUSETTS: &[Place] = &[
    ("Cambridge", "MA", "02139", "Middlesex"),
    ("Springfield", "MA", "01103", "Hampden"),
    ("Nantucket", "MA", "02554", "Nantucket"),
    ("Hull", "MA", "02045", "Plymouth"),
];

pub(crate) const LONG_ZIPS: &[Place] = &[
    ("Hoboken", "NJ", "07030-1234", "Hudson"),
    ("Hoboken", "NJ", "07030", "Hudson"),
    ("Ho-Ho-Kus", "NJ", "07423-0001", "Bergen"),
    ("Jersey City", "NJ", "07302-4561", "Hudson"),
];

/// A district at the corner of several states.
pub(crate) const BORDER: &[Place] = &[
    ("Cincinnati", "OH", "45202", "Hamilton"),
    ("Covington", "KY", "41011", "Kenton"),
    ("Lawrenceburg", "IN", "47025", "Dearborn"),
    ("New Haven", "CT", "06510", "New Haven"),
    ("Agawam", "MA", "01001", "Hampden"),
];

pub(crate) const FAR_AWAY: &[Place] = &[
    ("Honolulu", "HI", "96813", "Honolulu"),
    ("San Juan", "PR", "00901", "San Juan"),
    ("APO", "AE", "09128", ""),
    ("FPO", "AP", "96349", ""),
    ("Hagåtña", "GU", "96910", ""),
    ("Windsor", "ON", "N9A 4S2", "Essex"),
];

/// States by their names; cities with a number in their names.
pub(crate) const FULL_NAMES: &[Place] = &[
    ("Twentynine Palms", "California", "92277", "San Bernardino"),
    ("29 Palms", "California", "92277", "San Bernardino"),
    ("Ninety Six", "South Carolina", "29666", "Greenwood"),
    ("Coeur d'Alene", "Idaho", "83814", "Kootenai"),
    ("Doña Ana", "New Mexico", "88032", "Doña Ana"),
];

/// Addresses that a court has closed, or that are never delivered.
pub(crate) const NONE: &[Place] = &[("", "", "", "")];

pub(crate) const SCHOOLS: &[(&str, &str)] = &[
    ("Oak Elementary", "104101"),
    ("Cedar Middle", "104102"),
    ("Riverbend High", "104103"),
    ("Lincoln K-8", "104104"),
];

pub(crate) const ONE_SCHOOL: &[(&str, &str)] = &[("Prairie Consolidated", "0071")];

/// Several buildings and programs that the state knows by one number.
pub(crate) const CAMPUS: &[(&str, &str)] = &[
    ("Northside Campus: Elementary", "2001"),
    ("Northside Campus: Middle", "2001"),
    ("Northside Campus: High", "2001"),
    ("Home Instruction Program", "2001"),
    ("Southside Elementary", "2002"),
];

/// Schools whose names are numbers, as in large cities.
pub(crate) const NUMBERED: &[(&str, &str)] = &[
    ("P.S. 12", "X012"),
    ("P.S. 112", "X112"),
    ("M.S. 45 / I.S. 45", "X045"),
    ("H.S. 9 \"The Annex\"", "X009"),
];

/// Numbers of schools with zeros before them.
pub(crate) const ZEROS: &[(&str, &str)] = &[
    ("Adams, John Quincy Elementary", "00120010"),
    ("Adams, Abigail Middle", "00120305"),
    ("École Champlain", "00120505"),
];

pub(crate) const VIRTUAL: &[(&str, &str)] = &[("Buckeye Virtual Academy", "VIRT01")];
