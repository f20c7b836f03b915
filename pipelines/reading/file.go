package reading

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook"
)

// beginning is enough of a file that is no workbook by its name to tell its kind; nothing where it cannot be read.
func beginning(ctx context.Context, disk string) []byte {
	const most = 8 << 20 // of a zip its end tells what is in it
	data, err := collect.ReadBeginning(ctx, collect.UsualPace(), disk, most)
	if err != nil {
		return nil
	}
	return data
}

// A file that does not look whole and was written within the last minute may still be being saved: it is read again.
const (
	savingTries = 4
	savingPause = 500 * time.Millisecond
	savingAge   = time.Minute
)

// settled reads a file whole, as far as it is within limits. It waits for one that is still being saved, until it is
// whole or no longer changes; settled is false when neither came.
func settled(
	ctx context.Context, disk string, now time.Time, within limits.Set,
) (data []byte, settled bool, err error) {
	var size int64 = -1
	for range savingTries {
		var info os.FileInfo
		if data, info, err = collect.ReadFile(ctx, collect.UsualPace(), disk, within.File); err != nil {
			return nil, false, err
		}
		resting := now.Sub(info.ModTime()).Abs() > savingAge || info.Size() == size
		endless := strings.EqualFold(filepath.Ext(disk), ".csv") // half of a CSV is a CSV
		if workbook.Complete(data) && !endless || resting && info.Size() == int64(len(data)) {
			return data, true, nil
		}
		size = info.Size()
		select {
		case <-ctx.Done():
			return nil, false, fmt.Errorf("waiting for a file that is being saved: %w", ctx.Err())
		case <-time.After(savingPause):
		}
	}
	return data, false, nil
}
