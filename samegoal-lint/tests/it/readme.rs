//! Every command of the README prints what the README shows.

use std::fs;
use std::process::Command;

use crate::docs::{assert_current, root};

/// What a command of the README prints; `None` for commands that are not ours.
fn output(command: &str) -> Option<String> {
    let program = ["cargo run --release -- ", "samegoal-lint "];
    let arguments = program.iter().find_map(|program| command.strip_prefix(program))?;
    let run = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"))
        .args(arguments.split_whitespace())
        .current_dir(root())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(run.stderr).unwrap(), "", "`{command}`");
    Some(String::from_utf8(run.stdout).unwrap())
}

#[test]
fn commands_print_what_is_shown() {
    let path = root().join("README.md");
    let (mut current, mut count) = (String::new(), 0);
    let (mut is_console, mut is_output) = (false, false);
    for line in fs::read_to_string(&path).unwrap().lines() {
        let command = line.strip_prefix("$ ").filter(|_| is_console);
        if line.starts_with("```") {
            (is_console, is_output) = (line == "```console", false);
        }
        if is_output && command.is_none() {
            continue;
        }
        current = current + line + "\n";
        if let Some(output) = command.and_then(output) {
            current += &output;
            count += 1;
            is_output = true;
        }
    }
    assert!(count >= 2, "the README shows no commands");
    assert_current(&path, &current);
}
