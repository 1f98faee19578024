//! The names in a ZIP archive, as far as its beginning shows them.

/// What a file's own header in an archive begins with.
const LOCAL: &[u8] = b"PK\x03\x04";
/// Where in that header the length of the name is, and where the name begins.
const NAME_LENGTH: usize = 26;
const NAME: usize = 30;

/// Whether a file that begins so is a ZIP archive.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(LOCAL)
}

/// The names of the files whose headers lie in `head`, without the folders that they are in. The
/// sizes between the headers may be unknown there, so the headers are searched for.
pub(super) fn names(head: &[u8]) -> impl Iterator<Item = String> {
    let headers = head.windows(LOCAL.len()).enumerate().filter(|(_, bytes)| *bytes == LOCAL);
    headers.filter_map(|(start, _)| {
        let header = head.get(start..)?;
        let &[low, high] = header.get(NAME_LENGTH..NAME_LENGTH + 2)? else { return None };
        let length = usize::from(u16::from_le_bytes([low, high]));
        let name = String::from_utf8_lossy(header.get(NAME..NAME + length)?).into_owned();
        let name = name.rsplit(['/', '\\']).next()?;
        Some(name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend(LOCAL);
            bytes.extend([0; NAME_LENGTH - LOCAL.len()]);
            bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend([0; NAME - NAME_LENGTH - 2]);
            bytes.extend(name.as_bytes());
            bytes.extend(b"packed");
        }
        bytes
    }

    #[test]
    fn names_are_found_behind_each_other() {
        let found: Vec<_> = names(&archive(&["out/students.csv", "a\\b.txt", "c/"])).collect();
        assert_eq!(found, ["students.csv", "b.txt", ""]);
        assert!(names(b"PK\x03\x04").next().is_none());
        assert!(is_zip(&archive(&["x"])) && !is_zip(b"PK"));
    }
}
