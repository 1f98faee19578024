//! What the README shows is what happens.

use std::fs;
use std::process::Command;

use crate::docs::root;

/// A command of the README and what it says the command prints.
struct Example {
    command: String,
    output: String,
}

fn examples(markdown: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut is_console = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            is_console = line == "```console";
        } else if let (true, Some(command)) = (is_console, line.strip_prefix("$ ")) {
            examples.push(Example { command: command.to_owned(), output: String::new() });
        } else if let (true, Some(example)) = (is_console, examples.last_mut()) {
            example.output += line;
            example.output += "\n";
        }
    }
    examples
}

/// Puts `…` for the time that a run took.
fn without_time(text: &str) -> String {
    text.lines()
        .map(|line| match (line.find(" ("), line.find(" ms)")) {
            (Some(start), Some(end)) if start < end => {
                format!("{} (…{}\n", &line[..start], &line[end..])
            }
            _ => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn commands_print_what_is_shown() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut run = 0;
    for Example { command, output } in examples(&readme) {
        let program = ["cargo run --release -- ", "samegoal-lint "];
        let Some(arguments) = program.iter().find_map(|program| command.strip_prefix(program))
        else {
            assert!(output.is_empty(), "the output of `{command}` is not checked");
            continue;
        };
        let found = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"))
            .args(arguments.split_whitespace())
            .current_dir(root())
            .output()
            .unwrap();
        let stdout = String::from_utf8(found.stdout).unwrap();
        assert_eq!(String::from_utf8(found.stderr).unwrap(), "", "`{command}`");
        assert_eq!(without_time(&stdout), without_time(&output), "`{command}`");
        run += 1;
    }
    assert!(run >= 2, "the README shows no commands");
}
