-- 達成見込み。見込か推計の値で目標に届くかどうか。確定した値や、目標と比べられない値では空。natureは値の確からしさ。
-- 例: outlook(true, '見込') → 達成見込み、outlook(true, '確定') → 空
CREATE OR REPLACE MACRO outlook(achieved, nature) AS
  CASE WHEN nature IN ('見込', '推計') THEN CASE achieved WHEN true THEN '達成見込み' WHEN false THEN '未達成見込み' END END;
