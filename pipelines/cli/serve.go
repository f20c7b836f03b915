package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/serve"

	"github.com/spf13/cobra"
)

// stopDelay is how long a job may take to end after it was told to stop.
const stopDelay = 30 * time.Second

func newServe(o *options) *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use: "serve", Short: "設定の時刻に夜間の実行などを行い続ける（止めるまで終わらない）", Args: atMost(0),
		Long: `
設定の schedule に夜間の実行を、jobs にほかの実行（nightly、collect、load、brief）を書く。止まっている間に逃した実行は、
起動したときに一度だけ行う。設定を書き直すと、一分のうちに新しい予定になる（続いている実行はそのまま）。読めない設定なら、
そのことを記録し、前の予定で続ける。SIGTERM を受けると、続いている実行を止めて記録を残してから終わる。
http://127.0.0.1:8787/healthz は、具合がよければ 200、悪ければ 503 を返す。
`,
		RunE: func(c *cobra.Command, _ []string) error {
			o.logging = true
			o.wait(servePatience)
			env, err := o.env()
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("looking for this program: %w", err)
			}
			s := &serve.Server{Env: env, Listen: listen, Run: func(ctx context.Context, j project.Job) (int, error) {
				return o.child(ctx, program, j)
			}}
			s.Settings = o.settingsAnew(env)
			s.Ready = func(address string) {
				for _, line := range s.Schedule() {
					env.Log.Info(line)
				}
				if address != "" {
					env.Log.Info("状態は http://" + address + "/healthz で見られます")
				}
			}
			if err := s.Serve(c.Context()); err != nil {
				return err
			}
			env.Log.Info("止まりました")
			return nil
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8787", "状態を答える場所。空なら答えない")
	return c
}

// child does a job in a process of its own: its memory goes with it, and it ends with this one. It is told to stop by
// SIGTERM, and killed if that does not help.
func (o *options) child(ctx context.Context, program string, j project.Job) (int, error) {
	args := append([]string{j.Verb}, o.flags()...)
	if o.verbose {
		args = append(args, "--verbose")
	}
	if j.Verb == "nightly" {
		args = append(args, "--parent", strconv.Itoa(os.Getpid()))
	}
	cmd := exec.CommandContext(ctx, program, append(args, j.Args...)...)
	cmd.Stdout, cmd.Stderr = o.rawStdout, o.rawStderr // it has doors of its own
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopDelay
	runtime.LockOSThread() // the system kills the child when the thread ends that began it
	defer runtime.UnlockOSThread()
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGABRT:
		return -1, fmt.Errorf("実行が異常終了しました（メモリ不足か、プログラムの不具合）。次の実行が続きを行います: %w", exit)
	case errors.As(err, &exit):
		return -1, fmt.Errorf("実行が外から止められました。次の実行が続きを行います: %w", exit)
	case err != nil:
		return -1, fmt.Errorf("実行を始められません: %w", err)
	}
	return 0, nil
}

// flags are the common flags of this command line, for a child's.
func (o *options) flags() []string {
	var out []string
	for _, f := range []struct{ name, value string }{
		{"--config", o.config}, {"--inputs", o.inputs}, {"--outputs", o.outputs}, {"--as-of", o.asOf},
		{"--log-format", o.logFormat},
	} {
		if f.value != "" {
			out = append(out, f.name, f.value)
		}
	}
	if o.logFormat == logJSON { // what a job has to say for itself stands between the lines of the log
		out = append(out, "--json")
	}
	return out
}
