-- 最終目標に対する進捗率を出せない理由。出せるときは空。directionは 上昇・低下・維持。
-- 維持の指標は、基準値から最終目標へ進むものではないので、進捗率を出さない。
-- 例: no_progress_reason(5, NULL, 10, '上昇') → 基準値なし
CREATE OR REPLACE MACRO no_progress_reason(actual, baseline, final_target, direction) AS
  CASE
    WHEN final_target IS NULL THEN '最終目標なし'
    WHEN baseline IS NULL THEN '基準値なし'
    WHEN direction IS NULL THEN '方向なし'
    WHEN direction NOT IN ('上昇', '低下') THEN '維持の指標'
    WHEN direction = '上昇' AND baseline >= final_target OR direction = '低下' AND baseline <= final_target
      THEN '基準値で達成済み'
    WHEN actual IS NULL THEN '未報告'
  END;
