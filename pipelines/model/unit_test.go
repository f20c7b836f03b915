package model_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/unitcase"
	"kyogikai/pipelines/warehouse"
)

// Each folder of sql/unit is a case: package unitcase says what may stand in it.
func TestUnits(t *testing.T) {
	t.Parallel()
	sql := os.DirFS("../..")
	models, err := model.Load(sql)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := unitcase.Load(sql)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			b, err := warehouse.Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(b.Abandon)
			if err := model.CreateMacros(ctx, b, sql); err != nil {
				t.Fatal(err)
			}
			if err := c.Fill(ctx, b); err != nil {
				t.Fatal(err)
			}
			differ, err := c.Check(ctx, b, models)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differ {
				t.Error(d)
			}
		})
	}
}
