package steps

import (
	"fmt"
	"os"
	"slices"

	"trueup/report"
	"trueup/report/formats"
)

// stepSummary is the environment variable with the file that GitHub Actions
// shows beside a run.
const stepSummary = "GITHUB_STEP_SUMMARY"

// StepSummary adds the short report to the CI's step summary, if there is one
// and format md is wanted.
func (j *Job) StepSummary(r *report.Report) error {
	path, ok := j.Env(stepSummary)
	if !ok || path == "" || !slices.Contains(j.Settings.Formats, "md") {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write step summary: %w", err)
	}
	err = formats.WriteMarkdown(f, r)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write step summary: %w", err)
	}
	return nil
}
