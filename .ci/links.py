"""Follows every link from one page of this repository to another, and to a heading.

links.py PAGE...
"""

import pathlib
import re
import sys


def text_of(path):
    """A page without its blocks of code."""
    return re.sub(r"^(`{3,}).*?^\1$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def headings(path):
    for heading in re.findall(r"^#+ +(.*)$", text_of(path), flags=re.M):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


broken, count = [], 0
for page in map(pathlib.Path, sys.argv[1:]):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if "://" in target:
            continue
        count += 1
        name, _, heading = target.partition("#")
        path = page.parent / name if name else page
        if not path.exists() or (heading and heading not in headings(path)):
            broken.append(f"{page}: {target}")
assert count > 10 and not broken, broken
