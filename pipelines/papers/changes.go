package papers

import (
	"context"
	"io/fs"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/warehouse"
)

// Skipped is told of a meeting whose papers a run cannot make.
type Skipped func(run string, m brief.Meeting, err error)

// Changes compares two runs: the figures of those of the meetings whose papers both can make, and every mart. A meeting
// whose papers a run cannot make is passed over; skipped, where it is set, is told.
func Changes(
	ctx context.Context, project fs.FS, before, now *warehouse.Reader, meetings []brief.Meeting, skipped Skipped,
) ([]lineage.Change, error) {
	was, is := figures(ctx, project, before, meetings, skipped), figures(ctx, project, now, meetings, skipped)
	var old, new []brief.Figure
	for _, m := range meetings {
		if was[m.ID] != nil && is[m.ID] != nil {
			old, new = append(old, was[m.ID]...), append(new, is[m.ID]...)
		}
	}
	return lineage.Diff(ctx, before, now, old, new)
}

// figures are those of the papers of meetings as one run gives them, by meeting.
func figures(
	ctx context.Context, project fs.FS, db *warehouse.Reader, meetings []brief.Meeting, skipped Skipped,
) map[string][]brief.Figure {
	out := map[string][]brief.Figure{}
	for _, m := range meetings {
		papers, err := brief.RenderAll(ctx, project, m, db)
		if err != nil {
			if skipped != nil {
				skipped(db.Run, m, err)
			}
			continue
		}
		for _, p := range papers {
			out[m.ID] = append(out[m.ID], p.Figures...)
		}
	}
	return out
}
