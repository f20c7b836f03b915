-- 質問: 基準値から最終目標まで、どこまで進んだか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
SELECT
  municipality AS 自治体, plan AS 計画, department AS 課, indicator AS 指標, subgroup AS 区分, unit AS 単位,
  baseline AS 基準値, actual AS 実績, final_target AS 最終目標, wareki(final_target_year) AS 最終目標の年度,
  final_target_basis AS 最終目標の採り方, progress_pct AS 進捗率, no_progress_reason AS 進捗率のない理由
FROM marts.indicator_progress
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
ORDER BY municipality, plan, department, code, indicator, subgroup, kind
