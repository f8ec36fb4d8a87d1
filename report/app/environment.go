package app

import (
	"io/fs"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/templates"
)

// tellSettings logs which settings file holds, and warns of environment
// variables that look like settings and are none.
func (p *Program) tellSettings(log *slog.Logger, s *settings.Settings) {
	if s.Path != "" {
		log.Info("settings file", "file", s.Path)
	}
	const prefix = "TRUEUP_"
	known := slices.Concat(settings.Variables(), credentialVariables(), s.Variables, scheduleVariables())
	for _, name := range p.Variables {
		rest, ours := strings.CutPrefix(name, prefix)
		if value, _ := p.Env(name); !ours || value == "" || slices.Contains(known, name) {
			continue
		}
		hint := "no flag has it, and the settings do not name it"
		var endings []string // names are alike by more than what all begin with
		for _, k := range known {
			if ending, ours := strings.CutPrefix(k, prefix); ours {
				endings = append(endings, ending)
			}
		}
		if near := plain.Nearest(rest, endings); near != "" {
			hint = "did you mean " + prefix + near + "?"
		}
		log.Warn("unknown environment variable", "name", name, "hint", hint)
	}
}

// credentialVariables are those that --url looks for.
func credentialVariables() (names []string) {
	fetch.AuthFromEnv(func(name string) (string, bool) { names = append(names, name); return "", false })
	return names
}

// variable is the name of one of our environment variables.
var variable = regexp.MustCompile(`TRUEUP_[A-Z0-9_]+`)

// scheduleVariables are those with which the schedules of the starter set get
// the program, and which it sees then.
func scheduleVariables() (names []string) {
	schedules, _ := fs.Glob(templates.Starter(), "schedules/*")
	for _, path := range schedules {
		if data, err := fs.ReadFile(templates.Starter(), path); err == nil {
			names = append(names, variable.FindAllString(string(data), -1)...)
		}
	}
	return names
}
