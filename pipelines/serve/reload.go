package serve

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/project"
)

var errNoJobs = errors.New("設定に schedule も jobs もありません。kyogikai.yaml に書いてください")

// usualLook is the time between two looks at the settings. What they say holds at the second look that sees it.
const usualLook = 20 * time.Second

// glance is what one look at the settings saw.
type glance struct {
	settings project.Settings
	broken   string // why they cannot be held, "" where they can
}

// look looks at the settings until ctx ends.
func (s *Server) look(ctx context.Context) {
	if s.Settings == nil {
		<-ctx.Done()
		return
	}
	every := s.Look
	if every == 0 {
		every = usualLook
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.lookOnce(ctx)
		}
	}
}

// lookOnce takes settings that are the same as at the look before: a file that is just being written is not taken for
// what it is meant to be. Where they cannot be held, those in force go on.
func (s *Server) lookOnce(ctx context.Context) {
	var now glance
	var err error
	if now.settings, err = s.Settings(); err == nil && len(now.settings.AllJobs()) == 0 {
		err = errNoJobs
	}
	if err != nil {
		now = glance{broken: fault.Text(err)}
	}
	last := s.seen
	s.seen = now
	if !reflect.DeepEqual(last, now) {
		return
	}
	s.mu.Lock()
	was, before := s.broken, s.settings
	s.broken = now.broken
	s.mu.Unlock()
	switch {
	case now.broken != "" && now.broken != was:
		s.Env.Log.Error("設定を読めないので、前の予定のまま続けます", "error", now.broken)
	case now.broken != "" || reflect.DeepEqual(before, now.settings):
		if was != "" && now.broken == "" {
			s.Env.Log.Info("設定を読めるようになりました")
		}
	default:
		if err := s.take(ctx, now.settings); err != nil {
			s.Env.Log.Error("予定を改められません", "error", err)
			return
		}
		if !slices.EqualFunc(before.AllJobs(), now.settings.AllJobs(), sameJob) || before.Timezone != now.settings.Timezone {
			s.Env.Log.Info("設定が変わったので、予定を改めました")
			for _, line := range s.Schedule() {
				s.Env.Log.Info(line)
			}
		}
	}
}

func sameJob(a, b project.Job) bool { return reflect.DeepEqual(a, b) }

// take puts settings in force. Jobs under way are not touched. A job that is new, or comes at other times than before,
// counts from now: it has missed nothing.
func (s *Server) take(ctx context.Context, settings project.Settings) error {
	var entries []cron.EntryID
	for _, j := range settings.AllJobs() {
		schedule, err := inZone(settings, j.Schedule)
		if err != nil {
			return err
		}
		entries = append(entries, s.cron.Schedule(schedule, cron.FuncJob(func() { s.do(ctx, j) })))
	}
	for _, id := range s.entries {
		s.cron.Remove(id)
	}
	s.entries = entries
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = settings
	s.times.keep(settings, s.Env.Clock())
	return s.times.save(s.Env)
}

// inZone reads a schedule, which is of the city's zone.
func inZone(s project.Settings, schedule string) (cron.Schedule, error) {
	c, err := cron.ParseStandard("CRON_TZ=" + s.Timezone + " " + schedule)
	if err != nil {
		return nil, fmt.Errorf("schedule「%s」か timezone「%s」を読めません: %w", schedule, s.Timezone, err)
	}
	return c, nil
}
