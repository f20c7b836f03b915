-- そのセルを、人が確かめて認めたか（判断.csvの「確認」）。
-- 例: confirmed('inputs/市/令和8年度/部/課/調査票.xlsx', '成果指標', 'C12') → その判断があれば true
CREATE OR REPLACE MACRO confirmed(of_path, of_sheet, of_cell) AS
  EXISTS (
    SELECT 1 FROM meta.decisions AS d
    WHERE d.kind = 'confirm' AND d.path = of_path AND d.cell = of_cell AND (d.sheet IS NULL OR d.sheet = of_sheet));
