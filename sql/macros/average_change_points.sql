-- 年平均増減ポイント（小数第2位まで、四捨五入）。割合どうしの差を、経過年数で割ったもの。経過年数が1以上のときだけ。
-- 例: average_change_points(47.3, 45.4, 2) → 0.95
CREATE OR REPLACE MACRO average_change_points(current, first, years) AS
  CASE WHEN years > 0 THEN CAST(quotient(point_change(current, first), years, 2) AS DECIMAL(34, 2)) END;
