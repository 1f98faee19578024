//! Names as school districts have them.

/// Names of one language or kind, each list free to combine with the others.
pub(crate) struct Names {
    pub(crate) last: &'static [&'static str],
    pub(crate) first: &'static [&'static str],
    pub(crate) middle: &'static [&'static str],
}

pub(crate) const ENGLISH: Names = Names {
    last: &[
        "Smith",
        "O'Neill",
        "D'Angelo",
        "Smith-Jones",
        "St. John",
        "McAllister",
        "Fitzgerald III",
        "Van Buren",
        "Carter Jr.",
        "Lee",
        "Park",
        "Day",
        "May",
        "English",
        "Grade",
        "House",
    ],
    first: &[
        "Ada",
        "Ben",
        "Mary-Kate",
        "J.R.",
        "De'Andre",
        "Ja'Mya",
        "La Toya",
        "Sky",
        "Page",
        "Grace",
        "April",
        "Major",
        "Christian",
        "Female-Ann",
        "Austin",
        "Dallas",
    ],
    middle: &["", "", "J", "Lee", "Ann", "X", "St. Clair"],
};

pub(crate) const SPANISH: Names = Names {
    last: &[
        "Muñoz",
        "García Márquez",
        "de la Cruz",
        "Peña-Nieto",
        "Ibáñez",
        "Núñez y Soler",
        "Güell",
        "Del Río",
        "Ñandú",
        "Águila",
    ],
    first: &["José", "María José", "Íñigo", "Begoña", "Ángel", "Óscar", "Inés", "Sofía", "Raúl"],
    middle: &["", "de Jesús", "Belén", "Ma.", "de los Ángeles"],
};

pub(crate) const VIETNAMESE: Names = Names {
    last: &["Nguyễn", "Trần", "Phạm", "Đặng", "Võ", "Ngô", "Ng", "Hồ", "Lý", "Đỗ"],
    first: &["Linh", "Hương", "Ý", "Tuấn", "Ánh", "Bảo", "Đức", "Thảo", "An", "Vy"],
    middle: &["Thị", "Văn", "Ngọc", "", "Thị Ngọc"],
};

pub(crate) const WEST_EUROPEAN: Names = Names {
    last: &[
        "Müller",
        "Größer",
        "Lefèvre",
        "L'Hôpital",
        "Œuvray",
        "Conceição",
        "Simões",
        "Þórsdóttir",
        "Ægisson",
        "Sørensen",
        "Åström",
        "Van der Berg",
        "'t Hooft",
        "Ó Briain",
        "Nic Ghabhann",
        "Irmã",
        "Mação",
        "Dell'Acqua",
        "Jiménez i Puig",
        "Col·lell",
    ],
    first: &[
        "Zoë",
        "Chloé",
        "François",
        "Anaïs",
        "João",
        "Inês",
        "Sebastiã",
        "Jürgen",
        "Søren",
        "Siân",
        "Màiri",
        "Bjørk",
        "Åsa",
        "Nuñu",
        "Noël",
    ],
    middle: &["", "d'Arc", "von", "Â.", "É."],
};

pub(crate) const EAST_EUROPEAN: Names = Names {
    last: &[
        "Łukaszewska",
        "Dvořák",
        "Žižka",
        "Szűcs",
        "Ğüneş",
        "Işık",
        "İnönü",
        "Đorđević",
        "Țepeș",
        "Kļaviņš",
        "Ščerba",
        "Çelik",
    ],
    first: &["Łucja", "Jiří", "Őrs", "Tuğçe", "İlkay", "Ștefan", "Ģirts", "Živa", "Ondřej"],
    middle: &["", "Č.", "Ewa"],
};

pub(crate) const OTHER_ALPHABETS: Names = Names {
    last: &[
        "Ковальчук",
        "Дем’янюк",
        "Солов'йова",
        "Παπαδόπουλος",
        "Մկրտչյան",
        "ბერიძე",
        "李",
        "王小明",
        "김",
        "佐々木",
        "สุขใจ",
        "សុខ",
        "ຈັນທະວົງ",
        "ኃይለ",
        "ז'בוטינסקי",
        "ינאי",
        "ဦး",
    ],
    first: &[
        "Ольга",
        "Ґанна",
        "Ἑλένη",
        "Արամ",
        "ნინო",
        "明",
        "하나",
        "さくら",
        "ชัย",
        "ដារា",
        "ມະນີ",
        "ሰላም",
        "נוֹעַ",
        "אבי",
        "မေ",
    ],
    middle: &["", "Іванівна", "Γ."],
};

/// Arabic and Indic words, in which invisible joiners decide how letters are written.
pub(crate) const JOINED_LETTERS: Names = Names {
    last: &[
        "حسین\u{200c}زاده",
        "می\u{200c}رزایی",
        "نوری\u{200c}پور",
        "الحدّاد",
        "عبد الله",
        "آقایی",
        "خان",
        "क्\u{200d}षत्रिय",
        "राजपूत",
        "ശ്രീകുമാര\u{d4d}\u{200d}",
        "නවරත්\u{200d}න",
        "ද ශ්\u{200d}රී",
        "চক্রবর্তী",
        "முருகன்",
        "ರಾಜ್\u{200c}ಕುಮಾರ್",
    ],
    first: &[
        "علی\u{200c}رضا",
        "محمد\u{200c}امین",
        "نور",
        "يوسف",
        "پریسا",
        "र\u{94d}\u{200d}याम",
        "प्रिया",
        "അമല\u{d4d}\u{200d}",
        "ශ්\u{200d}රියා",
        "র\u{9cd}\u{200d}যান",
        "கவிதா",
        "ಪ್ರಿಯಾ",
    ],
    middle: &["", "بن", "कुमार"],
};

pub(crate) const PACIFIC_AND_NATIVE: Names = Names {
    last: &[
        "Kaʻanāʻanā",
        "Kealoha",
        "Tāne",
        "Faʻafoi",
        "Yellow Horse",
        "Ch'íl",
        "Tsosie",
        "Qʼanjobʼal",
        "Ts'ai",
        "Nez",
        "Two-Bulls",
        "ʔaʔjɛčxʷ",
    ],
    first: &["Kaʻiulani", "Leilani", "Moʻo", "Dezbah", "Nizhóní", "Łigai", "K'uk'", "Wičháša"],
    middle: &["", "Ka", "ʻO"],
};

pub(crate) const AFRICAN: Names = Names {
    last: &["Okọnkwọ", "Adébáyò", "N'Diaye", "M'Bappe", "Xaba", "Ṣolá", "Nkẹ", "Cissé", "Abdi Nur"],
    first: &["Chịdị", "Olúwaṣeun", "N'Golo", "Aïssatou", "Khadra", "Ụzọ", "Sékou", "Yaa"],
    middle: &["", "Cabdi", "Ọ."],
};

/// Names of one or two letters.
pub(crate) const SHORT: Names = Names {
    last: &["O", "E", "U", "Y", "Oh", "Ng", "Ko", "Xu", "Li", "Ho", "Io"],
    first: &["A", "J", "K", "Bo", "Al", "Ty", "Jo", "M", "F", "Di"],
    middle: &["", "A", "B", "O"],
};

/// Surnames that many systems take for no value. A few people in any large district have one.
pub(crate) const LIKE_NO_VALUE: &[&str] =
    &["Null", "None", "NA", "Nan", "True", "False", "Nil", "Test", "Void", "Blank"];
