-- 値がないことを示す記号を、－にそろえる。それ以外の文はそのまま返す。
-- 例: dash('—') → －、dash('後に決定') → 後に決定
CREATE OR REPLACE MACRO dash(text) AS
  CASE WHEN regexp_matches(text, '^[-—―‐–−－ー]+$') THEN '－' ELSE text END;
