"""Reads Athena's SQL of deploy/athena with a parser that nobody here wrote (sqlglot, MIT), and checks that it can refuse.

Usage: check.py [FOLDER]; needs `sqlglot`. Prints a line for each file; exit code 1 when one does not parse.
"""

import pathlib
import sys

import sqlglot
from sqlglot import exp

# The parser goes down some twenty calls for each bracket, and lambdas lie within lambdas.
sys.setrecursionlimit(10_000)

# A parser that takes everything would prove nothing: DuckDB's own words are no SQL of Athena.
FOREIGN = "select list_filter(x, lambda y: y) from (select [1] as x"


def parsed(text: str, dialect: str) -> exp.Expression:
    statements = sqlglot.parse(text, read=dialect)
    if len(statements) != 1 or statements[0] is None:
        raise ValueError(f"{len(statements)} statements")
    if isinstance(statements[0], exp.Command):
        raise ValueError("not understood, only kept as text")
    return statements[0]


def main(folder: pathlib.Path) -> int:
    files = sorted(folder.rglob("*.sql"))
    failed = 0
    for file in files:
        is_query = file.parent.name == "examples"
        try:
            tree = parsed(file.read_text(), "athena")
            wanted = exp.Query if is_query else exp.Create
            if not isinstance(tree, wanted):
                raise ValueError(f"is a {type(tree).__name__}, not a {wanted.__name__}")
            if is_query:
                parsed(file.read_text(), "trino")
            print(f"{file}: ok")
        except Exception as error:  # noqa: BLE001 - every kind of refusal is one
            failed += 1
            print(f"{file}: {error}")
    try:
        parsed(FOREIGN, "athena")
        failed += 1
        print("the parser takes what is no SQL")
    except Exception:  # noqa: BLE001 - as it should
        pass
    if len(files) < 6:
        failed += 1
        print(f"only {len(files)} files in {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    default = pathlib.Path(__file__).parents[2] / "deploy" / "athena"
    sys.exit(main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default))
