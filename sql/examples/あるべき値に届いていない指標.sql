-- 質問: その年度にあるべき値（途中の目標、なければ直線）に届いていない指標はどれか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
SELECT
  municipality AS 自治体, plan AS 計画, department AS 課, indicator AS 指標, subgroup AS 区分, unit AS 単位, actual AS 実績,
  half_up(expected, 2) AS あるべき値, expected_basis AS あるべき値の採り方, half_up(diff_from_expected, 2) AS 差,
  path_pct AS 経路に対する進捗率
FROM marts.indicator_progress
WHERE NOT on_path AND fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
ORDER BY path_pct, municipality, plan, code, indicator, subgroup, kind
