package show

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"trueup/fetch/plain"
	"trueup/report/app/settings"
)

// Origins lists the effective settings with where each comes from.
func Origins(out io.Writer, s *settings.Settings) error {
	w := &strings.Builder{}
	for _, o := range s.Origins {
		fmt.Fprintf(w, "%-36s %-36s %s\n", o.Setting, plain.Text(cmp.Or(o.Value, "(none)")), o.From)
	}
	_, err := io.WriteString(out, plain.Visible(w.String()))
	return err
}

// OriginsJSON writes the same as a JSON object.
func OriginsJSON(out io.Writer, s *settings.Settings) error {
	type origin struct {
		Setting string `json:"setting"`
		Value   string `json:"value"` // "" if there is none
		From    string `json:"from"`
	}
	doc := struct {
		File     string   `json:"file"` // "" if there is none
		Settings []origin `json:"settings"`
	}{s.Path, []origin{}}
	for _, o := range s.Origins {
		doc.Settings = append(doc.Settings, origin(o))
	}
	return JSON(out, doc)
}
