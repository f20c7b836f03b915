package reading

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
)

// Fingerprint names everything that a load rests on: workbooks, masters, forms, sql, settings, program, and what is
// wrong with the sources.
func Fingerprint(env project.Env, tree collect.Tree, problems []collect.Problem) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, env.Version, form.Version)
	for _, p := range problems {
		fmt.Fprintln(h, p)
	}
	for _, f := range tree.Files {
		fmt.Fprintln(h, f.Path, f.SHA256)
		if f.Trouble != nil {
			fmt.Fprintln(h, *f.Trouble)
		}
	}
	for _, f := range tree.Ledgers {
		fmt.Fprintln(h, f.Path, f.SHA256)
	}
	for _, city := range tree.Municipalities() {
		for _, name := range collect.MasterNames() {
			f := tree.Masters[city][name]
			fmt.Fprintln(h, city, name, f.SHA256)
			if f.Trouble != nil {
				fmt.Fprintln(h, *f.Trouble)
			}
		}
	}
	for _, root := range []string{"sql/macros", "sql/staging", "sql/marts", "sql/tests", "templates/forms"} {
		err := fs.WalkDir(env.Project, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(env.Project, name)
			if err != nil {
				return fmt.Errorf("reading %s: %w", name, err)
			}
			fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(data))
			return nil
		})
		if err != nil {
			return "", fmt.Errorf("%s を読めません: %w", root, err)
		}
	}
	beside, err := fs.Glob(env.Project, listsDir+"/*.csv")
	if err != nil {
		return "", fmt.Errorf("listing %s: %w", listsDir, err)
	}
	own, err := fs.Glob(env.Project, finding.OwnFile)
	if err != nil {
		return "", fmt.Errorf("listing %s: %w", finding.OwnFile, err)
	}
	for _, name := range append(beside, own...) {
		data, err := fs.ReadFile(env.Project, name)
		if err != nil {
			return "", fmt.Errorf("reading %s: %w", name, err)
		}
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(data))
	}
	settings, err := fs.ReadFile(env.Project, project.SettingsFile)
	if err != nil {
		return "", fmt.Errorf("reading settings: %w", err)
	}
	h.Write(settings)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Rules names what every load rests on whatever its workbooks are: forms, sql, settings and program.
func Rules(env project.Env) (string, error) { return Fingerprint(env, collect.Tree{}, nil) }
