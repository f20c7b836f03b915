-- 最終目標に対する進捗率（%、0.1%単位、四捨五入、上限も下限も設けない）。（実績−基準値）÷（最終目標−基準値）。
-- 出せないときは空。理由は no_progress_reason のとおり。
-- 例: progress_pct(2431, 1974, 5000, '上昇') → 15.1、progress_pct(46978, 57250, 43000, '低下') → 72.1
CREATE OR REPLACE MACRO progress_pct(actual, baseline, final_target, direction) AS
  CASE WHEN no_progress_reason(actual, baseline, final_target, direction) IS NULL
    THEN TRY(percent(actual - baseline, final_target - baseline)) END;
