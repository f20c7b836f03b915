-- 達成率の算式。directionは 上昇・低下・維持・維持以下 のいずれか。実績か目標がなければ空。
-- A 実績÷目標（上昇、維持）。B（基準−実績）÷（基準−目標）（低下で、基準値が目標より大きい）。C 目標÷実績（低下で、基準値がない）。
-- D 達成・未達成の判定だけで率を出さない（維持以下、基準値がすでに目標を満たす低下、負の数のAとC）。
-- 例: attainment_method(90, 100, NULL, '上昇') → A
CREATE OR REPLACE MACRO attainment_method(actual, target, baseline, direction) AS
  CASE
    WHEN actual IS NULL OR target IS NULL THEN NULL
    WHEN direction = '維持以下' THEN 'D'
    WHEN direction = '低下' AND baseline > target THEN 'B'
    WHEN direction = '低下' AND baseline IS NOT NULL THEN 'D'
    WHEN actual < 0 OR target < 0 THEN 'D'
    WHEN direction = '低下' THEN 'C'
    ELSE 'A'
  END;
