-- 設定（kyogikai.yaml）から来た値の出どころ。
-- 例: from_settings(['first_year'])[1].path → kyogikai.yaml
CREATE OR REPLACE MACRO from_settings(fields) AS
  list_transform(fields, lambda f: {'field': f, 'path': 'kyogikai.yaml', 'sheet': NULL::VARCHAR,
    'cell': NULL::VARCHAR});
