"""How well articles are told from other pages: ``NEWSCRAWL_CORPUS=… python benchmarks/kinds.py``.

Replays the sets of articles and the one of other pages into a drop (``published.py``) and prints,
a fold of sites a column, the share of pages that give exactly one article, and which articles are
lost or doubled and which other pages give one (``--pages``). Folds are by registrable domain, as
those of the body classifier, whose weights never saw the page's site.
"""

import argparse
import sys
from collections import defaultdict

from published import Published, published
from truth import BODY_FOLDS, Case, body_fold, corpus, load

SETS = ("wcxb-dev", "fundus-dev", "wcxb-dev-kinds")


def main() -> None:
    """Run and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", action="store_true", help="print each page that is wrong")
    arguments = options.parse_args()
    folder = corpus()
    if folder is None:
        sys.exit("NEWSCRAWL_CORPUS is not set: no pages to measure on")
    print("| set | kind | pages |", *(f"fold {fold} |" for fold in range(BODY_FOLDS)), "all |")
    print("|---" * (BODY_FOLDS + 4) + "|")
    wrong: list[str] = []
    for name in SETS:
        cases = load(folder / name)
        found = published(cases)
        by_kind: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            by_kind[case.kind].append(case)
        for kind, mine in sorted(by_kind.items()):
            print(f"| {name} | {kind} | {len(mine)} |", *_shares(mine, found), flush=True)
            wrong += [
                f"{kind} {case.file} {case.url}: {_told(found[case.file])}"
                for case in mine
                if (len(found[case.file].articles) == 1) != (kind == "article")
            ]
    if arguments.pages:
        print("", *wrong, sep="\n")


def _shares(cases: list[Case], found: dict[str, Published]) -> list[str]:
    """Return the share of pages that give exactly one article, a fold each, and of all."""
    shares = []
    for fold in (*range(BODY_FOLDS), None):
        mine = [case for case in cases if fold is None or body_fold(case.site) == fold]
        one = sum(len(found[case.file].articles) == 1 for case in mine)
        shares.append(f"{one}/{len(mine)} |")
    return shares


def _told(page: Published) -> str:
    record = page.page or {}
    return f"{len(page.articles)} articles, {record.get('kind')}, {record.get('reason')}"


if __name__ == "__main__":
    main()
