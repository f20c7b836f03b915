-- いくつもの行の値の出どころ（sourcesの並び）を、一つの並びにまとめる。順番は項目、ファイル、シート、セルの順。
-- 行が一つもなければ空の並びになる。集計の値の出どころに使う。
-- 例: len(all_cells([[{'field': 'a', 'cell': 'A1'}], [{'field': 'a', 'cell': 'A2'}]])) → 2
CREATE OR REPLACE MACRO all_cells(many) AS
  list_sort(list_distinct(flatten(list_filter(coalesce(many, []), lambda one: one IS NOT NULL))));
