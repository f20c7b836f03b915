# What a person would write instead: every workbook read with openpyxl into one pandas table, counted, and written as HTML.
# No merged cell is resolved, no form is known, nothing is checked. Usage: baseline.py INPUTS OUT.html
import pathlib
import sys

import openpyxl
import pandas

rows = []
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.xls[xm]")):
    if path.name.startswith("~$"):
        continue
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception:
        continue  # truncated or encrypted on purpose
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    rows.append((str(path), sheet.title, cell.row, cell.column, str(cell.value)))
cells = pandas.DataFrame(rows, columns=["path", "sheet", "row", "col", "text"])
tally = cells[cells.text.isin(["◎", "○", "△", "▲", "×"])].groupby(["path", "text"]).size().unstack(fill_value=0)
pathlib.Path(sys.argv[2]).write_text("<meta charset=utf-8>" + tally.to_html(), encoding="utf-8")
print(len(cells))
