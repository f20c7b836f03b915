package cli

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// writers are the verbs that leave files in outputs or inputs, with the flags without which one of them leaves none.
var writers = map[string][]string{
	"collect":     nil,
	"load":        nil,
	"brief":       nil,
	"confirm":     nil,
	"final":       nil,
	"questions":   nil,
	"errata":      nil,
	"nightly":     nil,
	"compare":     nil,
	"serve":       nil,
	"form":        nil,
	"init":        nil,
	"new meeting": nil,
	"new brief":   nil,
	"postpone":    nil,
	"check":       {"returns", "reading"},
}

// refuseForeign refuses to write as root into outputs of another user, whose nights could not replace what root leaves.
func (o *options) refuseForeign(c *cobra.Command, uid int) error {
	name := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	flags, writes := writers[name]
	for _, flag := range flags {
		if writes = c.Flags().Changed(flag); writes {
			break
		}
	}
	if !writes || uid != 0 {
		return nil
	}
	outputs := o.outputsDir()
	owner := ownerOf(outputs)
	if owner == 0 {
		return nil
	}
	who := strconv.Itoa(owner)
	if u, err := user.LookupId(who); err == nil {
		who = u.Username
	}
	return fmt.Errorf(
		"%s は利用者 %s のものです。root で作ったものは夜間の実行が書き換えられないので、何も行いませんでした。"+
			"runuser -u %s -- kyogikai %s のように、%s として実行してください", outputs, who, who, name, who,
	)
}

// ownerOf is who has run in an outputs folder, else whose folder it is; root where there is none.
func ownerOf(outputs string) int {
	for _, path := range []string{filepath.Join(outputs, ".lock"), outputs} {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			return int(s.Uid)
		}
	}
	return 0
}
