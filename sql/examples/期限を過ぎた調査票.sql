-- 質問: 提出期限を過ぎて、出ていないか直っていない調査票はどれか
-- 引数: today:日付 基準とする日（2026-11-22 の形）。なければ今日
SELECT
  municipality AS 自治体, bureau AS 部, department AS 課, wareki(fiscal_year) AS 年度, form AS 様式, status AS 状態, due AS 提出期限,
  date_diff('day', date_of(due), coalesce($today::DATE, current_date)) AS 超過日数
FROM marts.submissions
WHERE status <> '提出済' AND date_of(due) < coalesce($today::DATE, current_date)
ORDER BY 超過日数 DESC, 自治体, 部, 課
