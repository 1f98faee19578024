use std::collections::BTreeSet;

use scraper::{Html, Selector};
use sha2::{Digest, Sha256};

use super::*;
use crate::report::sample::{self, BLANK_LINE, FIELD_COUNT, NASTY, at, public};
use samegoal_schema::finding::Values;

fn masked(report: &Report) -> String {
    sample::written(write, report, &Options::default())
}

fn texts(page: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    page.select(&Selector::parse(selector).unwrap())
        .map(|element| element.text().collect::<String>())
        .collect()
}

#[test]
fn the_policy_allows_the_page_itself() {
    for (code, hash) in [(STYLE, STYLE_HASH), (SCRIPT, SCRIPT_HASH)] {
        let digest = data_encoding::BASE64.encode(&Sha256::digest(code));
        assert_eq!(hash, format!("sha256-{digest}"), "put the right hash into html.rs");
        assert!(!code.contains('\r') && !code.to_lowercase().contains("</s"));
    }
}

#[test]
fn the_page_says_what_was_found_and_what_to_do() {
    let page = masked(&sample::mixed());
    assert!(texts(&page, "h1")[0].starts_with("SameGoal would ignore this delivery: there is"));
    assert_eq!(
        texts(&page, ".cause h3")[..2],
        ["An epoch without its COMPLETE file.", "A header that is nearly a column's name."]
    );
    assert_eq!(texts(&page, "nav a").len(), 4);
    assert_eq!(texts(&page, ".excerpt mark")[0], "DOB");
    assert!(texts(&page, ".cause ul > li").contains(&"Export again.".to_owned()));
    assert_eq!(texts(&page, "tbody tr").len(), 4);
    assert!(texts(&page, ".not-checked li")[0].starts_with("epoch/guardians.csv: columns (the"));
    assert!(texts(&page, "footer")[0].contains("masked"));
    assert!(!texts(&page, ".findings").concat().contains("Lovelace"));
    let shown = Options { values: Values::Show, ..Options::default() };
    assert!(
        texts(&sample::written(write, &sample::mixed(), &shown), ".findings")
            .concat()
            .contains("Lovelace")
    );
}

#[test]
fn a_clean_page_has_nothing_to_fix() {
    let page = masked(&sample::with_findings(Vec::new()));
    assert!(texts(&page, "h1")[0].starts_with("Nothing was found"));
    assert_eq!(texts(&page, ".cause, script, #filter").len(), 0);
    assert_eq!(texts(&page, "header.clean").len(), 1);
}

#[test]
fn repeats_beyond_the_cap_are_counted() {
    let finding = |line| ("a.csv", FIELD_COUNT.finding().message("x").at(at(line, 1)));
    let report = sample::with_findings((1..=1300).map(finding).collect());
    let page =
        sample::written(write, &report, &Options { max_findings: 100, ..Options::default() });
    assert_eq!(texts(&page, ".findings > li:not(.more)").len(), 100);
    assert_eq!(texts(&page, ".more"), ["… and 1,200 more in a.csv"]);
}

#[test]
fn no_name_and_no_value_makes_an_element() {
    let page = |text: &'static str| {
        let message = || samegoal_schema::Message::from(text).cell(public(text)).text(text);
        let finding = BLANK_LINE
            .finding()
            .message(message())
            .help(message())
            .label(message())
            .at(at(1, 1))
            .excerpt(Some(sample::line(&["a", text], 1)));
        let mut report = sample::with_findings(vec![(text, finding)]);
        report.targets.push(sample::epoch(text));
        report.not_checked.push(super::super::NotChecked::columns(text));
        masked(&report)
    };
    let shape = |page: &str| {
        let page = Html::parse_document(page);
        let every = Selector::parse("*").unwrap();
        page.select(&every)
            .filter(|element| element.value().name() != "code")
            .map(|element| {
                let attributes = element.value().attrs().map(|(name, _)| name);
                (element.value().name().to_owned(), attributes.collect::<BTreeSet<_>>().len())
            })
            .collect::<Vec<_>>()
    };
    let plain = shape(&page("x"));
    for nasty in [
        NASTY,
        "</script><script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        "\" onclick=\"alert(1)",
        "' onclick='alert(1)",
        "<!-- ]]> <![CDATA[ &lt;b&gt; `<i>`",
        "</title></option></select><iframe>",
        "{{ style }} {% raw %}",
    ] {
        assert_eq!(shape(&page(nasty)), plain, "{nasty}");
    }
}
