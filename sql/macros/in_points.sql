-- 増減をポイント差で示し、増減率を出さない単位か（%とポイント）。言い換え（パーセント、pt）も同じとみなす。
-- 例: in_points('パーセント') → true、in_points('件') → false
CREATE OR REPLACE MACRO in_points(unit) AS coalesce(canonical_unit(unit) IN ('%', 'ポイント'), false);
