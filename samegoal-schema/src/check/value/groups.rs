//! Columns whose groups correspond: the first of one to the first of the other.

use std::collections::BTreeSet;

use super::building::Listed;
use super::name;
use crate::check::binding::BoundHeader;
use crate::check::context::RecordContext;
use crate::finding::rules;
use crate::schema::ColumnSpec;
use crate::text::whitespace::{is_whitespace, trim};

rules! {
    /// A user has more or fewer groups of buildings than roles.
    ///
    /// ## Why it matters
    ///
    /// `Role` can hold several roles, separated by `;`. `Buildings` holds the buildings of each
    /// role, in the same order and with the same separator. If the numbers differ, at least one
    /// role has the wrong buildings or none, and nothing shows which one.
    ///
    /// A `;` after the last role is accepted. An empty `Buildings` with one role is not reported.
    ///
    /// ## Example
    ///
    /// ```text
    /// "Teacher;Coach","North,South"        wrong: two roles and one group of buildings
    /// "Teacher;Coach","North;South"        right: each role in one building
    /// "Teacher;Coach","North,South;South"  right: the first role in both
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Write one group for each role, empty if a role has no building of its own (`North;`). Within
    /// a group, separate names with `,`. Put both columns in double quotes.
    ROLE_BUILDING_MISMATCH = "value/role-building-mismatch", Error, ValueLost;
}

/// Checks a column of groups of names, and the column whose values the groups belong to.
pub(super) struct GroupCheck<'s, 'k> {
    groups: (usize, &'s ColumnSpec),
    owners: Option<(usize, &'s ColumnSpec)>,
    /// The only valid names, if the configuration lists them.
    listed: Option<Listed<'k>>,
}

/// The checks for the columns of a file.
pub(super) fn checks<'s, 'k>(
    header: &BoundHeader<'s>,
    allowed: Option<&'k BTreeSet<String>>,
) -> Vec<GroupCheck<'s, 'k>> {
    let pair = |groups: (usize, &'s ColumnSpec)| {
        let owners = groups.1.groups_of.as_ref()?;
        let owners = header.known().find(|(_, spec)| spec.name == *owners);
        Some(GroupCheck { groups, owners, listed: allowed.map(Listed::new) })
    };
    header.known().filter_map(pair).collect()
}

impl GroupCheck<'_, '_> {
    /// Checks a record that has the header's width.
    pub(super) fn record(&mut self, context: &mut RecordContext<'_>) {
        let record = context.record;
        let (index, spec) = self.groups;
        if context.damaged.contains(index) {
            return;
        }
        if let (Some(listed), Some(groups)) = (&mut self.listed, record.field(index)) {
            let groups = groups.value();
            let names = groups.split(|byte| matches!(byte, b';' | b',')).map(trim);
            for name in names.filter(|name| !is_whitespace(name)) {
                if !listed.is_part(name) {
                    listed.check(context, self.groups, name);
                }
            }
        }
        let Some((owner_index, owner_spec)) = self.owners else { return };
        if context.damaged.contains(owner_index) {
            return;
        }
        let (Some(groups), Some(owners)) = (record.field(index), record.field(owner_index)) else {
            return;
        };
        let (groups, owners) = (groups.value(), owners.value());
        let owners = trim(&owners);
        let (group_count, owner_count) = (count(&groups), count(owners));
        if group_count == owner_count || (owners.ends_with(b";") && group_count + 1 == owner_count)
        {
            return;
        }
        let group_count = if is_whitespace(&groups) { 0 } else { group_count };
        let owner_count = if is_whitespace(owners) { 0 } else { owner_count };
        context.at_field(&ROLE_BUILDING_MISMATCH, false, index, |finding| {
            finding
                .message(
                    name(spec)
                        .text(format!(" has {}, but `", words(group_count, "group")))
                        .text(owner_spec.name.clone())
                        .text(format!("` has {}", words(owner_count, "value"))),
                )
                .label(format!("{owner_count} expected"))
                .help(
                    "The first group belongs to the first role, the second group to the second \
                     role. Separate groups with `;`, and the names within a group with `,`.",
                )
        });
    }
}

/// How many groups there are; an empty value has one, which is empty.
fn count(value: &[u8]) -> usize {
    memchr::memchr_iter(b';', value).count() + 1
}

fn words(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, findings_in, quoted, shown};
    use crate::{Session, generic_api};

    #[test]
    fn each_name_is_on_the_list() {
        let api = generic_api();
        for (groups, expected) in [
            ("North", &[][..]),
            ("North, South;North", &[]),
            // It cannot be written any other way.
            ("Adams, John;North", &[]),
            ("", &[]),
            ("North;Suoth", &["use `South`"]),
            ("East,East;West", &["not on the list", "not on the list"]),
        ] {
            for header in ["Role,Buildings", "Name,Buildings"] {
                let names = ["North", "South", "Adams, John"].map(str::to_owned);
                let session = Session::new(&api).with_buildings(names);
                let csv = format!("{header}\nA,{}\n", quoted(groups));
                let found = findings_in(session, &[("users.csv", &csv)]);
                let found = found.iter().filter(|it| it.rule.name == "value/building-mismatch");
                let labels: Vec<_> = found.map(|it| shown(&it.label)).collect();
                assert_eq!(labels, expected, "{groups:?}");
            }
        }
    }

    #[test]
    fn counts_the_groups_of_a_user() {
        for (roles, buildings, expected) in [
            ("Teacher", "North", ""),
            ("Teacher", "North,South", ""),
            ("Teacher;Coach", "North,South;South", ""),
            ("Teacher;Coach", "North;", ""),
            ("Teacher;Coach", ";North", ""),
            ("Teacher", "", ""),
            ("", "", ""),
            ("", "North", ""),
            ("Teacher;", "North", ""),
            ("Teacher;", "North;South", ""),
            ("Teacher;Coach", "North,South", "`Buildings` has 1 group, but `Role` has 2 values"),
            ("Teacher", "North;South", "`Buildings` has 2 groups, but `Role` has 1 value"),
            ("Teacher;Coach", "", "`Buildings` has 0 groups, but `Role` has 2 values"),
            ("", "North;South", "`Buildings` has 2 groups, but `Role` has 0 values"),
        ] {
            for header in ["Role,Buildings", "Roles,Buildings"] {
                let csv = format!("{header}\n{},{}\nA,B\n", quoted(roles), quoted(buildings));
                let found = findings(&[("users.csv", &csv)]);
                let found: Vec<_> = found
                    .iter()
                    .filter(|one| one.rule.name == "value/role-building-mismatch")
                    .map(|one| shown(&one.message))
                    .collect();
                let expected: Vec<_> =
                    [expected].into_iter().filter(|text| !text.is_empty()).collect();
                assert_eq!(found, expected, "{roles:?} {buildings:?}");
            }
        }
    }
}
