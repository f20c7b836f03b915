-- 達成率を出すときの向き。目標の「以上」「以下」が、目指す方向より先に決める。
-- 維持で以下のものは維持以下（基準型）。上昇で以下、低下で以上のものは食い違いで、人が「確認」したときだけここに来る。
-- 例: judged_direction('維持', 'le') → 維持以下、judged_direction('上昇', 'le') → 低下、judged_direction('上昇', NULL) → 上昇
CREATE OR REPLACE MACRO judged_direction(direction, comparator) AS
  CASE
    WHEN direction = '維持' AND comparator IN ('le', 'lt') THEN '維持以下'
    WHEN direction = '上昇' AND comparator IN ('le', 'lt') THEN '低下'
    WHEN direction = '低下' AND comparator IN ('ge', 'gt') THEN '上昇'
    ELSE direction
  END;
