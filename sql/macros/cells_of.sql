-- 値の出どころ（sources）のうち、指定した項目のセルだけを残す。
-- 例: len(cells_of([{'field': 'actual', 'cell': 'E12'}, {'field': 'unit', 'cell': 'C12'}], ['actual'])) → 1
CREATE OR REPLACE MACRO cells_of(sources, fields) AS
  list_filter(sources, lambda s: list_contains(fields, s.field));
