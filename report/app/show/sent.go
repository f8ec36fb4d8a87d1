package show

import (
	"io"

	"trueup/report/deliver/mail"
)

// SentJSON writes what came of a sending, recipient by recipient, as a JSON
// object.
func SentJSON(w io.Writer, r mail.Result) error {
	type delivery struct {
		Recipient string  `json:"recipient"`
		Manager   *string `json:"manager"` // null for the whole book
		Status    string  `json:"status"`
		Answer    string  `json:"answer,omitempty"`
		File      string  `json:"file,omitempty"` // of a dry run
		MessageID string  `json:"messageId,omitempty"`
		Corrects  string  `json:"corrects,omitempty"`  // day of the report whose mail this one puts right
		Uncertain bool    `json:"uncertain,omitempty"` // a try was cut off: it may have arrived twice, or all the same
	}
	doc := struct {
		Deliveries []delivery `json:"deliveries"`
		NoAddress  []string   `json:"noAddress"` // managers with customers and without an address
	}{[]delivery{}, append([]string{}, r.NoAddress...)}
	for _, d := range r.Deliveries {
		var manager *string
		if d.Manager != "" {
			manager = &d.Manager
		}
		doc.Deliveries = append(doc.Deliveries, delivery{d.Recipient, manager, string(d.Status), d.Answer, d.File, d.MessageID, d.Corrects, d.Uncertain})
	}
	return JSON(w, doc)
}
