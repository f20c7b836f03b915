-- 質問: ファイルは同じなのに、前の実行と違って読んだ値のうち、まだ確かめていないものはどれか
SELECT municipality AS 自治体, department AS 課, path AS ファイル, sheet AS シート, cell AS セル, item AS 項目,
  old AS 前の読み方, new AS いまの読み方, since AS 変わった実行
FROM meta.reread
WHERE decided IS NULL
ORDER BY rowid
