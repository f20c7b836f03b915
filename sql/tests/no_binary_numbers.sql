-- 資料に使う表に、二進小数（DOUBLE、FLOAT）の列がないこと。infとnanも、端数の狂いも、ここから入る。
SELECT schema_name, table_name, column_name, data_type
FROM duckdb_columns()
WHERE schema_name IN ('staging', 'marts') AND data_type SIMILAR TO '.*(DOUBLE|FLOAT|REAL).*'
