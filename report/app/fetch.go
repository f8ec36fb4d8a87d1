package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trueup/fetch"
	"trueup/fetch/plain"
	"trueup/report/app/settings"
	"trueup/report/app/steps"
)

var fetchCommand = Command{
	Name: "fetch", Short: "save a snapshot of the customers, nothing else",
	Flags: customerFlags | settings.OutFileFlag | settings.AsOfFlag, Run: fetchOnly,
	Examples: []string{"trueup fetch --url https://host.example.com/tenantui --out snapshot.json.gz"},
}

func fetchOnly(ctx context.Context, c *Call) error {
	w, s, err := c.load()
	if err != nil {
		return err
	}
	if c.Flags.Out == "" {
		return settings.Usage{Text: "fetch needs --out FILE", HintText: "for example: trueup fetch --url https://host/tenantui --out snapshot.json.gz"}
	}
	place, err := steps.OpenSnapshot(c.Flags.Out, s.FileMode)
	if err != nil {
		return Fail(NotWritten, err)
	}
	defer place.Close()
	w.Journal = steps.JournalOf(c.Flags.Out)
	fetched, err := steps.Fetch(ctx, w, s)
	if err != nil {
		return notFetched(err)
	}
	if anew := fetched.DatedAnew(); !anew.AsOf.Equal(fetched.Portfolio.AsOf) {
		w.Log.Warn("the snapshot says another time than that of its data", "data", fetched.Portfolio.AsOf.Format(time.RFC3339), "snapshot", anew.AsOf.Format(time.RFC3339))
		fetched = anew
	}
	err = fetched.Save(ctx, place)
	if err == nil {
		err = fetched.Finished()
	}
	if err != nil {
		return Fail(NotWritten, err)
	}
	p := fetched.Portfolio
	fmt.Fprintf(c.Stdout, "%s: %s as of %s\n", c.Flags.Out, plain.Counted(len(p.Customers), "customer"), p.AsOf.Format(time.RFC3339))
	return Fail(Incomplete, fetched.Partial)
}

// notFetched gives the error its exit code: Wrong for settings, else Incomplete.
func notFetched(err error) error {
	if wrong := (*fetch.ConfigError)(nil); errors.As(err, &wrong) {
		return err
	}
	return Fail(Incomplete, err)
}
