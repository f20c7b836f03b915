-- 達成率を出せない理由。率を出せるときは空。directionは 上昇・低下・維持・維持以下 のいずれか。
-- 例: no_rate_reason(5, 0, NULL, '上昇') → 目標0
CREATE OR REPLACE MACRO no_rate_reason(actual, target, baseline, direction) AS
  CASE
    WHEN target IS NULL THEN '目標未設定'
    WHEN actual IS NULL THEN '未報告'
    WHEN attainment_pct(actual, target, baseline, direction) IS NOT NULL THEN NULL
    WHEN direction = '維持以下' THEN '基準型'
    WHEN direction = '低下' AND baseline IS NOT NULL THEN '基準値で達成済み'
    WHEN actual < 0 OR target < 0 THEN '負の値'
    WHEN target = 0 THEN '目標0'
    ELSE '実績0'
  END;
