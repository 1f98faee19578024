# `just` lists these; https://just.systems installs it. Each is one command that you can type as well.

_list:
    @just --list

# Everything that a commit can break (20 minutes; root)
ci:
    .ci/run

# Format and lint the code
check:
    cargo fmt --all
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Run the tests, or those whose name contains NAME
test *NAME:
    cargo test --workspace --locked -- {{ NAME }}

# Rewrite generated files: expected findings, docs/rules.md, docs/dependencies.md, schemas
update:
    SAMEGOAL_LINT_UPDATE=1 cargo test --locked -p samegoal-lint --test it

# Lint PATHS with the program as it is
lint *PATHS:
    cargo run --quiet --locked -p samegoal-lint -- {{ PATHS }}
