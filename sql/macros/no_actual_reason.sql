-- 実績がない理由。answerは実績の欄に書かれた数値でない答え、years は調査票が報告を求めた年度の並び。
-- 報告を求めた年度（最初の調査票から最後の調査票まで）だけが未報告になる。
-- 例: no_actual_reason('集計中', 2026, [2026]) → 集計中、no_actual_reason(NULL, 2027, [2026]) → 年度未到来
CREATE OR REPLACE MACRO no_actual_reason(answer, year, years) AS
  CASE
    WHEN regexp_matches(answer, '該当|[nN]/[aA]|[ｎＮ]／[ａＡ]') THEN '該当なし'
    WHEN answer IS NOT NULL THEN '集計中'
    WHEN year > list_max(years) THEN '年度未到来'
    WHEN year < list_min(years) THEN '報告の対象外'
    ELSE '未報告'
  END;
