CREATE SCHEMA meta;
CREATE SCHEMA raw;
CREATE SCHEMA staging;
CREATE SCHEMA marts;
CREATE SCHEMA lists;

CREATE TABLE meta.runs (
  run_id VARCHAR, started_at TIMESTAMP, finished_at TIMESTAMP, trigger VARCHAR, status VARCHAR,
  workbooks INTEGER, changed INTEGER, findings INTEGER);
COMMENT ON TABLE meta.runs IS '実行の記録。一行が一回の実行。';
COMMENT ON COLUMN meta.runs.changed IS '前回から変わった調査票の数';

CREATE TABLE meta.workbooks (
  workbook_id VARCHAR, path VARCHAR, sha256 VARCHAR, municipality VARCHAR, fiscal_year INTEGER, bureau VARCHAR,
  department VARCHAR, form VARCHAR, status VARCHAR);
COMMENT ON TABLE meta.workbooks IS '調査票のファイル。一行が一つのファイル。';
COMMENT ON COLUMN meta.workbooks.form IS '様式の記号。二つ以上の様式を含むときはセミコロンで区切る';
COMMENT ON COLUMN meta.workbooks.status IS 'read 読込済、not_read_yet 未対応の様式、unrecognized 様式不明、unreadable 開けない、left_out 集計から除外、withdrawn 取下げ';

CREATE TABLE meta.findings (
  severity VARCHAR NOT NULL CHECK (severity IN ('error', 'warning', 'info')), code VARCHAR NOT NULL,
  municipality VARCHAR, department VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR,
  message VARCHAR, found VARCHAR, expected VARCHAR);
COMMENT ON TABLE meta.findings IS '確認を要すること。一行が一つの指摘。';

CREATE TABLE meta.plans (
  municipality VARCHAR, form VARCHAR, plan VARCHAR, first_year INTEGER, last_year INTEGER, share_method VARCHAR,
  hours_per_person DECIMAL(18, 6), hours_source VARCHAR, count_relisted BOOLEAN, ended_mark VARCHAR,
  stated BOOLEAN);
COMMENT ON COLUMN meta.plans.stated IS '設定に書かれた計画か。false は、設定のない様式に仮に置いたもの（年度は調査票の年度）';
COMMENT ON COLUMN meta.plans.hours_per_person IS '人員換算の、一人当たりの年間時間。定めていなければ空';
COMMENT ON COLUMN meta.plans.hours_source IS '一人当たりの年間時間の出典';
COMMENT ON COLUMN meta.plans.count_relisted IS '再掲の取組を、進捗と自己評価の件数に数えるか';
COMMENT ON COLUMN meta.plans.ended_mark IS '事業の名称にあれば、計画の期間中に終了したとして事業数に数えない印';
COMMENT ON TABLE meta.plans IS '計画の設定（kyogikai.yaml）。一行が一つの計画。';

CREATE TABLE meta.ranks (
  municipality VARCHAR, plan VARCHAR, measured VARCHAR, methods VARCHAR[], position INTEGER, symbol VARCHAR,
  at_least DECIMAL(18, 6), meaning VARCHAR, achieved_symbol VARCHAR, missed_symbol VARCHAR);
COMMENT ON TABLE meta.ranks IS '判定ランクの設定（kyogikai.yaml の ranks）。一行が、一つの計画の一つの段階。良いほうから並ぶ。';
COMMENT ON COLUMN meta.ranks.measured IS '何で判定するか（attainment 達成率、progress 最終目標に対する進捗率）';
COMMENT ON COLUMN meta.ranks.methods IS '判定する達成率の算式';
COMMENT ON COLUMN meta.ranks.at_least IS '下限（%）。丸める前の値がこれ以上なら、この段階。最後の段階は空';
COMMENT ON COLUMN meta.ranks.meaning IS '段階の意味';
COMMENT ON COLUMN meta.ranks.achieved_symbol IS '達成・未達成の判定だけをする指標（算式D）の、達成の記号。なければ判定ランクを付けない';
COMMENT ON COLUMN meta.ranks.missed_symbol IS '同じく、未達成の記号';

CREATE TABLE meta.population (
  municipality VARCHAR, fiscal_year INTEGER, as_of DATE, population BIGINT, source VARCHAR, path VARCHAR, cell VARCHAR);
COMMENT ON TABLE meta.population IS '人口.csv。一行が、一つの年度の人口。';
COMMENT ON COLUMN meta.population.as_of IS '基準日。その年度のうちの日';
COMMENT ON COLUMN meta.population.population IS '人口（人）';
COMMENT ON COLUMN meta.population.source IS '出典（書かれたまま）';

CREATE TABLE meta.signs (municipality VARCHAR, negative VARCHAR);
COMMENT ON TABLE meta.signs IS '負の数の印字に使う記号の設定（kyogikai.yaml の negative_signs）。一行が一つの自治体。書かれていない自治体は−。';
COMMENT ON COLUMN meta.signs.negative IS '負の数の記号（▲、△、−）';

CREATE TABLE meta.symbols (form VARCHAR, measure VARCHAR, position INTEGER, symbol VARCHAR, meaning VARCHAR);
COMMENT ON TABLE meta.symbols IS '様式で使う記号とその並び順。一行が一つの記号。';

CREATE TABLE meta.asked (form VARCHAR, kind VARCHAR, field VARCHAR, title VARCHAR, by_year BOOLEAN, year_in_key BOOLEAN,
  literal BOOLEAN, unless VARCHAR);
COMMENT ON TABLE meta.asked IS '様式が毎年度、課に必ず記入を求める項目。一行が一つの項目。';
COMMENT ON COLUMN meta.asked.field IS '項目の名前。空は、記録が載っていればよい様式';
COMMENT ON COLUMN meta.asked.title IS '様式での項目の見出し';
COMMENT ON COLUMN meta.asked.literal IS '文章も答えとする項目か';
COMMENT ON COLUMN meta.asked.unless IS '目標値の項目。その年度の目標が「—」や文章（後に決定など）のときは、記入を求めない。なければ空';
COMMENT ON COLUMN meta.asked.by_year IS '年度ごとの欄か';
COMMENT ON COLUMN meta.asked.year_in_key IS '一つの記録が一つの年度の値か（年度が鍵に入る）';

CREATE TABLE meta.departments (
  municipality VARCHAR, bureau VARCHAR, department VARCHAR, position INTEGER, former_names VARCHAR);
COMMENT ON TABLE meta.departments IS '組織.csv。一行が一つの課。';

CREATE TABLE meta.published (
  municipality VARCHAR, meeting VARCHAR, held DATE, edition INTEGER, paper VARCHAR, item VARCHAR, brief VARCHAR, reported_year INTEGER,
  figure VARCHAR, "table" VARCHAR, "row" VARCHAR, "column" VARCHAR, text VARCHAR, value DECIMAL(38, 12), unit VARCHAR,
  fact VARCHAR, fact_year INTEGER, path VARCHAR, cell VARCHAR);
COMMENT ON TABLE meta.published IS '公表値台帳（ledger）。一行が、確定した資料に印字した一つの数値。会議ごとに最も新しい版だけ。';
COMMENT ON COLUMN meta.published.meeting IS '会議';
COMMENT ON COLUMN meta.published."column" IS '列';
COMMENT ON COLUMN meta.published.held IS '会議の開催日';
COMMENT ON COLUMN meta.published.edition IS '版（差替えごとに一つ増える）';
COMMENT ON COLUMN meta.published.paper IS '資料番号';
COMMENT ON COLUMN meta.published.item IS '案件';
COMMENT ON COLUMN meta.published.brief IS '資料のひな形';
COMMENT ON COLUMN meta.published.reported_year IS '資料が報告した年度（西暦）。定めのない資料は空';
COMMENT ON COLUMN meta.published.figure IS '数値の番地';
COMMENT ON COLUMN meta.published.text IS '印字';
COMMENT ON COLUMN meta.published.value IS '値。数値でないものは空';
COMMENT ON COLUMN meta.published.fact IS '何の数値か。様式｜種類｜鍵｜項目｜年度｜単位、または 表｜行｜列。決められないものは空';
COMMENT ON COLUMN meta.published.fact_year IS '何年度の数値か（西暦）';
COMMENT ON COLUMN meta.published.path IS '台帳のファイル';
COMMENT ON COLUMN meta.published.cell IS '台帳のセル';

CREATE TABLE meta.decisions (
  municipality VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR, kind VARCHAR, decision VARCHAR, reason VARCHAR, date VARCHAR, post VARCHAR);
COMMENT ON TABLE meta.decisions IS '人の判断（判断.csv）。一行が、一つの判断と、それが当てはまる一つのファイル。';
COMMENT ON COLUMN meta.decisions.kind IS 'withdraw 取下げ、confirm 確認、look ファイル全体の確認、waive 除いて確定、state 答えのない理由（該当なし、集計中、終了、取下げ）、空は効いていない判断';
COMMENT ON COLUMN meta.decisions.decision IS '判断（書かれたまま）';
COMMENT ON COLUMN meta.decisions.reason IS '理由';
COMMENT ON COLUMN meta.decisions.date IS '判断した日（書かれたまま）';
COMMENT ON COLUMN meta.decisions.post IS '判断した人の職';

CREATE TABLE meta.reread (
  municipality VARCHAR, department VARCHAR, path VARCHAR, sha256 VARCHAR, form VARCHAR, sheet VARCHAR, cell VARCHAR,
  item VARCHAR, old VARCHAR, new VARCHAR, since VARCHAR, decided VARCHAR, kind VARCHAR, key VARCHAR, field VARCHAR,
  scope VARCHAR, cells VARCHAR, known VARCHAR);
COMMENT ON TABLE meta.reread IS '読み方の変わった値。ファイルは同じなのに、前の実行と違って読んだもので、人が確かめるまで残る。一行が一つの値。';
COMMENT ON COLUMN meta.reread.item IS '項目と年度。集計に入るかどうかだけが変わったときは「行の扱い」「ファイルの扱い」';
COMMENT ON COLUMN meta.reread.old IS '前の読み方';
COMMENT ON COLUMN meta.reread.new IS 'いまの読み方';
COMMENT ON COLUMN meta.reread.since IS '読み方が変わった実行';
COMMENT ON COLUMN meta.reread.decided IS '確かめた人の判断（判断.csv の行）。空は、まだ確かめていない';
COMMENT ON COLUMN meta.reread.field IS '項目の名前。空は、行かファイルの扱い';
COMMENT ON COLUMN meta.reread.cells IS 'どのセルの「確認」で確かめたことになるか（空白区切り）';
COMMENT ON COLUMN meta.reread.known IS '読み方が変わったときに、すでにあった判断。これでは確かめたことにならない';

CREATE TABLE meta.models (name VARCHAR, file VARCHAR, sql VARCHAR, key VARCHAR[], needs VARCHAR[]);
COMMENT ON TABLE meta.models IS 'このデータを作った計算（sql/staging と sql/marts、sql/macros）。一行が一つの表またはマクロ。';
COMMENT ON COLUMN meta.models.name IS '表またはマクロの名前';
COMMENT ON COLUMN meta.models.file IS 'SQLのファイル';
COMMENT ON COLUMN meta.models.sql IS 'SQL';
COMMENT ON COLUMN meta.models.key IS '一行を決める列（ファイルの頭の「鍵」）';
COMMENT ON COLUMN meta.models.needs IS '読んでいる表';

CREATE TABLE meta.test_failures (test VARCHAR, severity VARCHAR, rows INTEGER);
CREATE TABLE meta.test_rows (test VARCHAR, "row" INTEGER, text VARCHAR);
COMMENT ON TABLE meta.test_rows IS 'データの検査に掛かった行。検査ごとに百行まで。';
COMMENT ON COLUMN meta.test_rows.text IS '列と値';
COMMENT ON TABLE meta.test_failures IS 'データの検査に掛かったもの。一行が一つの検査。';

CREATE TABLE raw.cells (
  workbook_id VARCHAR, sheet VARCHAR, cell VARCHAR, "row" INTEGER, col INTEGER, text VARCHAR, value VARCHAR, formula VARCHAR,
  claim VARCHAR, record_id INTEGER, field VARCHAR);
COMMENT ON TABLE raw.cells IS '様式と分かったファイルの、空でないセル。一行が一つのセル。様式でないシートのセルは文字を残さない。';
COMMENT ON COLUMN raw.cells.claim IS
  'セルを何と読んだか：value（値）head（見出し）label（行や枠の見出し）section（区切りの行）title（表題）preamble（表の前の記載）note（注）example（記入例）total（計・率）template（様式の印刷）blank_mark（空欄の印）skipped（読まない列）unread（読んでいない）';
COMMENT ON COLUMN raw.cells.record_id IS '値が一つの記録だけのものであるとき、その記録';
COMMENT ON COLUMN raw.cells.field IS '値が一つの項目だけのものであるとき、その項目';

CREATE TABLE raw.records (
  record_id INTEGER, workbook_id VARCHAR, form VARCHAR, kind VARCHAR, fiscal_year INTEGER, sheet VARCHAR,
  "row" INTEGER, cell VARCHAR, key VARCHAR, excluded BOOLEAN,
  superseded BOOLEAN);
COMMENT ON TABLE raw.records IS '調査票から読み取った記録。一行が一つの取組、または一つの指標の一年度。';
COMMENT ON COLUMN raw.records.excluded IS '誤りの指摘があり、集計から除く';
COMMENT ON COLUMN raw.records.superseded IS '同じことを別の課も報告していて、そちらを採る（値が同じか、人が「確認」した）';

CREATE TABLE raw.fields (
  record_id INTEGER, name VARCHAR, scope VARCHAR, text VARCHAR, value VARCHAR, unit VARCHAR, comparator VARCHAR,
  sheet VARCHAR, cell VARCHAR, nature VARCHAR, span VARCHAR, as_of VARCHAR, approx BOOLEAN, change VARCHAR,
  second VARCHAR, second_unit VARCHAR, remark VARCHAR);
COMMENT ON COLUMN raw.fields.nature IS '値の確かさ：確定、速報、見込、推計、暫定、集計中。断りがなければ空';
COMMENT ON COLUMN raw.fields.span IS 'いつの間の値か：単年度、累計、年度末時点、月平均、年度途中。断りがなければ空';
COMMENT ON COLUMN raw.fields.as_of IS 'いつの時点の値か（書かれたまま）';
COMMENT ON COLUMN raw.fields.approx IS 'およその値か（約、程度）';
COMMENT ON COLUMN raw.fields.change IS '増減で書かれた値か（increase 増加、decrease 減少）';
COMMENT ON COLUMN raw.fields.second IS '同じセルの二つ目の値（320件（1,290人）の1290）。数値のない目標では、どちらか決められない二つ目の値';
COMMENT ON COLUMN raw.fields.second_unit IS '二つ目の値の単位';
COMMENT ON COLUMN raw.fields.remark IS '備考にある、その値についての断り（受付開始など）';
COMMENT ON TABLE raw.fields IS '記録の項目。一行が一つの値。valueは記号・年・小数などの正規の書き方。';
COMMENT ON COLUMN raw.fields.scope IS '西暦の年度、または whole（推進期間全体）';

CREATE TABLE raw.blanks (record_id INTEGER, name VARCHAR, scope VARCHAR, sheet VARCHAR, cell VARCHAR);
COMMENT ON TABLE raw.blanks IS '課に記入を求めていて、何も書かれていないセル。一行が一つの記録の一つの項目。';
COMMENT ON COLUMN raw.blanks.scope IS '西暦の年度、または whole（推進期間全体）';

CREATE TABLE raw.listed (
  municipality VARCHAR, plan VARCHAR, form VARCHAR, kind VARCHAR, bureau VARCHAR, department VARCHAR, key VARCHAR,
  code VARCHAR, name VARCHAR, first_year INTEGER, last_year INTEGER, path VARCHAR, cell VARCHAR);
COMMENT ON TABLE raw.listed IS '指標.csvと取組.csv。一行が、計画に載っている一つの指標または取組。';
COMMENT ON COLUMN raw.listed.name IS '指標または取組の名称';
COMMENT ON COLUMN raw.listed.first_year IS '開始年度（西暦）。書かれていなければ空';
COMMENT ON COLUMN raw.listed.last_year IS '終了年度（西暦）。書かれていなければ空';

CREATE TABLE raw.submissions (
  municipality VARCHAR, fiscal_year INTEGER, bureau VARCHAR, department VARCHAR, form VARCHAR, form_id VARCHAR,
  due VARCHAR, status VARCHAR, path VARCHAR, cell VARCHAR);
COMMENT ON TABLE raw.submissions IS '提出対象.csvと提出の状況。一行が一つの課の一つの様式。';
