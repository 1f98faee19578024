//! Masked, nothing of any cell leaves the program: a token that occurs nowhere else is planted in
//! every cell and header, whatever is broken, and looked for in all that is printed.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::ValueEnum;
use samegoal_lint::cli::Format;

use crate::case::{self, Case};
use crate::tree::{self, Node};

/// How many characters of a token are too many.
const PIECE: usize = 4;
/// How many characters a token has.
const TOKEN: usize = 12;

/// How the lines begin that hold hashes: of findings in SARIF and for GitLab, of its own style and
/// script in HTML.
const HASHES: [&str; 3] =
    ["\"samegoalLint/v1\": ", "\"fingerprint\": ", "<meta http-equiv=\"Content-Security-Policy\" "];

/// Random numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % below
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.next(from.len())]
    }

    /// Twelve different letters and digits by turns, which is how neither words nor numbers look,
    /// without those that a masked value shows in place of others.
    fn token(&mut self) -> Vec<u8> {
        let mut letters = b"bcdfghjkmnpqrstvwxyzBCDFGHJKMNPQRSTVWXYZ".to_vec();
        let mut digits = b"12345678".to_vec();
        let mut token = Vec::with_capacity(TOKEN);
        while token.len() < TOKEN {
            for class in [&mut letters, &mut digits] {
                let index = self.next(class.len());
                token.push(class.swap_remove(index));
            }
        }
        token
    }
}

/// Where tokens are planted.
#[derive(Clone, Copy, Debug)]
enum Planting {
    /// In the cells below the header, so that the columns are known.
    Cells,
    /// In the header as well, so that hardly any column is.
    All,
    /// In place of what is in the cells below the header.
    Instead,
}

/// All pieces of the tokens that were planted.
#[derive(Default)]
struct Planted(HashSet<[u8; PIECE]>);

/// A piece, whatever its capitals.
fn piece(bytes: &[u8]) -> [u8; PIECE] {
    let mut piece: [u8; PIECE] = bytes.try_into().unwrap();
    piece.make_ascii_lowercase();
    piece
}

impl Planted {
    /// The bytes of a file with a token at the end of every cell, however broken it is.
    fn plant(&mut self, bytes: &[u8], planting: Planting, random: &mut Random) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() * 3);
        let mut is_header = true;
        for cell in bytes.split_inclusive(|byte| b",;\t|\r\n".contains(byte)) {
            let end = cell.last().filter(|byte| b",;\t|\r\n".contains(byte));
            let cell = if end.is_some() { &cell[..cell.len() - 1] } else { cell };
            // A CR and the LF behind it end the same cell.
            let is_between = cell.is_empty() && end == Some(&b'\n') && out.ends_with(b"\r");
            if is_between || (is_header && !matches!(planting, Planting::All)) {
                out.extend_from_slice(cell);
            } else {
                let token = random.token();
                let (body, quote) = match cell.strip_suffix(b"\"") {
                    Some(body) if !body.is_empty() => (body, &b"\""[..]),
                    _ => (cell, &b""[..]),
                };
                match planting {
                    Planting::Instead if body.first() == Some(&b'"') => out.push(b'"'),
                    Planting::Instead => {}
                    Planting::Cells | Planting::All => out.extend_from_slice(body),
                }
                out.extend_from_slice(&token);
                out.extend_from_slice(quote);
                self.0.extend(token.windows(PIECE).map(piece));
            }
            if let Some(end) = end {
                is_header &= !b"\r\n".contains(end);
                out.push(*end);
            }
        }
        out
    }

    /// Every file of `nodes` with tokens in it.
    fn plant_all(&mut self, nodes: &mut [Node], planting: Planting, random: &mut Random) {
        for node in nodes {
            // A configuration holds no cells, and broken it would end the run.
            if node.path.extension().is_some_and(|extension| extension == "toml") {
                continue;
            }
            let Some(bytes) = node.bytes_mut() else { continue };
            if !bytes.is_empty() {
                *bytes = self.plant(bytes, planting, random);
            }
        }
    }

    /// The line of what was printed that has a piece of a token in it.
    fn leak<'p>(&self, printed: &'p [u8]) -> Option<std::borrow::Cow<'p, str>> {
        // Letters and digits by turns: most of what is printed need not be looked up.
        let is_like_a_token = |bytes: &[u8]| {
            bytes.windows(2).all(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit())
        };
        let has_piece = |line: &&[u8]| {
            line.windows(PIECE)
                .any(|bytes| is_like_a_token(bytes) && self.0.contains(&piece(bytes)))
        };
        // A hash may have any piece. Nothing of a cell goes into one, which the tests of the
        // fingerprints hold.
        let is_hash = |line: &&[u8]| {
            let line = line.trim_ascii_start();
            HASHES.iter().any(|start| line.starts_with(start.as_bytes()))
        };
        let mut lines = printed.split(|byte| *byte == b'\n').filter(|line| !is_hash(line));
        lines.find(has_piece).map(String::from_utf8_lossy)
    }

    /// What is printed, and what is written to files beside it: every format, and text at every
    /// verbosity, which the others do not have.
    fn check(&self, dir: &Path, args: &[String], what: &str) {
        let reports = tempfile::tempdir().unwrap();
        for verbosity in [None, Some("--verbose"), Some("--accessible"), Some("--quiet")] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"));
            command
                .args(args)
                .args(verbosity)
                .args(["--values", "mask", "--max-findings", "0"])
                .current_dir(dir)
                .env("RUST_BACKTRACE", "full")
                .stdin(Stdio::null());
            let mut files = Vec::new();
            for format in Format::value_variants() {
                if verbosity.is_some() && *format != Format::Plain {
                    continue;
                }
                let format = format.to_possible_value().unwrap();
                let file = reports.path().join(format.get_name());
                command.arg("--report");
                command.arg(format!("{}={}", format.get_name(), file.display()));
                files.push((format.get_name().to_owned(), file));
            }
            let ran = command.output().unwrap();
            let what = format!("{what}, {verbosity:?}");
            assert!(matches!(ran.status.code(), Some(0 | 1)), "{what}: {:?}", ran.status);
            assert!(ran.stderr.is_empty(), "{what}: standard error was written to");
            let printed = files.into_iter().map(|(format, file)| (format, fs::read(file).unwrap()));
            for (format, printed) in printed.chain([("standard output".into(), ran.stdout)]) {
                let is_quiet = verbosity == Some("--quiet") && format == "standard output";
                assert!(is_quiet || printed.len() > 100, "{what}, {format}: nothing was printed");
                if let Some(line) = self.leak(&without_style(printed)) {
                    panic!("{what}, {format}: a piece of a cell is in\n{line}");
                }
            }
        }
    }
}

/// What was printed without the style of a page: its colors are numbers and letters, too.
fn without_style(mut printed: Vec<u8>) -> Vec<u8> {
    if !printed.starts_with(b"<!DOCTYPE") {
        return printed;
    }
    let find = |text: &[u8]| printed.windows(text.len()).position(|it| it == text);
    if let (Some(start), Some(end)) = (find(b"<style>"), find(b"</style>")) {
        printed.drain(start..end);
    }
    printed
}

/// Puts files below `dir`, but for what only a few systems can hold.
fn put(dir: &Path, nodes: &[Node]) {
    for node in nodes {
        let path = dir.join(&node.path);
        let Some(bytes) = node.bytes() else { continue };
        let made = fs::create_dir_all(path.parent().unwrap());
        // A name that this system does not have.
        let _ = made.and_then(|()| fs::write(path, bytes));
    }
}

#[test]
fn no_piece_of_a_cell_of_any_fixture_is_printed() {
    let cases = case::all();
    for (seed, planting) in [(1, Planting::Cells), (2, Planting::All), (3, Planting::Instead)] {
        let mut random = Random(seed);
        let mut planted = Planted::default();
        let dir = tempfile::tempdir().unwrap();
        let mut together = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let mut nodes = case.nodes.clone();
            planted.plant_all(&mut nodes, planting, &mut random);
            let own = dir.path().join(number.to_string());
            put(&own, &nodes);
            let is_there = |path: &String| own.join(path).exists();
            match case.args.as_slice() {
                // What its header showed may not be recognized any more.
                [path] if is_there(path) && is_recognized_by_name(case) => {
                    together.push(format!("{number}/{path}"));
                }
                [.., path] if is_there(path) && case.args.len() > 1 => {
                    planted.check(&own, &case.args, &case.name);
                }
                _ => {}
            }
        }
        assert!(together.len() > cases.len() / 2);
        planted.check(dir.path(), &together, &format!("fixtures, {planting:?}"));
    }
}

fn is_recognized_by_name(case: &Case) -> bool {
    case.nodes.iter().all(|node| node.path.iter().count() > 1)
        || case.args.iter().all(|arg| arg.contains("students") || arg.contains("guardians"))
}

/// What breaks files: bytes that mean something to a CSV reader, or to no program at all.
const BREAKING: &[&[u8]] = &[
    b"\"",
    b"\"",
    b"\"\"",
    b",",
    b",,",
    b"\n",
    b"\r",
    b"\r\n\r\n",
    b" ",
    b"\0",
    b"\xE9",
    b"\xC3",
    b"\x1A",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\x8B",
    b"=",
    b"'",
    b"::error::",
    b"\x1B[31m",
    b"1.5E+10",
];

fn broken(clean: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = clean.to_vec();
    for _ in 0..=random.next(6) {
        let at = random.next(bytes.len());
        match random.next(4) {
            0 => drop(bytes.splice(at..at, random.pick(BREAKING).iter().copied())),
            1 => drop(bytes.splice(at..=at, random.pick(BREAKING).iter().copied())),
            2 => drop(bytes.remove(at)),
            _ => {
                let to = (at + random.next(200)).min(bytes.len());
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn no_piece_of_a_cell_of_a_broken_file_is_printed() {
    let clean = tree::read(&case::root().join("epochs/clean/20260105-020000"), &|_| true);
    for seed in 1..=4 {
        let mut random = Random(seed);
        let mut planted = Planted::default();
        let dir = tempfile::tempdir().unwrap();
        let mut epochs = Vec::new();
        for number in 0..60 {
            let planting = random.pick(&[Planting::Cells, Planting::All, Planting::Instead]);
            let mut nodes = clean.clone();
            let break_first = random.next(2) == 0;
            let break_all = |nodes: &mut [Node], random: &mut Random| {
                for bytes in nodes.iter_mut().filter_map(Node::bytes_mut) {
                    if !bytes.is_empty() {
                        *bytes = broken(bytes, random);
                    }
                }
            };
            if break_first {
                break_all(&mut nodes, &mut random);
            }
            planted.plant_all(&mut nodes, planting, &mut random);
            if !break_first {
                break_all(&mut nodes, &mut random);
            }
            let epoch = format!("{number}");
            put(&dir.path().join(&epoch), &nodes);
            epochs.push(epoch);
        }
        planted.check(dir.path(), &epochs, &format!("seed {seed}"));
    }
}

#[test]
fn a_leak_would_be_seen() {
    let mut planted = Planted::default();
    let file = planted.plant(b"Id,\"Na\"\"me\"\r\n1,\n", Planting::All, &mut Random(7));
    let text = String::from_utf8(file).unwrap();
    let cells: Vec<_> = text.split([',', '\r', '\n']).collect();
    assert_eq!(cells.iter().map(|cell| cell.len()).collect::<Vec<_>>(), [14, 20, 0, 13, 12, 0]);
    assert!(cells[1].ends_with('"'));
    let piece = &cells[3][5..9];
    assert!(planted.leak(format!("a\nb {} c", piece.to_uppercase()).as_bytes()).is_some());
    assert!(planted.leak(b"masked as aaa9AAA").is_none());
}
