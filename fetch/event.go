package fetch

import (
	"io"
	"time"
)

// Stage is where the fetching of one instance stands.
type Stage uint8

// The stages. An instance may go back from Receiving to Waiting and on.
const (
	Asking    Stage = iota // for a token, then for the list
	Receiving              // the list comes in
	Waiting                // until the next try
	Histories              // the customers' license histories come in
	Done
	Failed
)

// Event tells how far one instance is.
type Event struct {
	Instance  string
	Stage     Stage
	Try       int           // from 1
	Bytes     int64         // received in this try, as sent: packed if the instance packs
	Total     int64         // of Bytes; -1 if the instance does not say
	Customers int           // decoded in this try; whose history is there when Histories
	Of        int           // customers whose history is asked for, when Histories
	Left      time.Duration // until the last of them, as far as one can tell; 0 if one cannot
	Wait      time.Duration // when Waiting
	Err       error         // when Failed
}

// meter counts a body on its way into the decoder.
type meter struct {
	body      io.Reader
	total     int64
	bytes     int64
	customers int
	tell      func(Event)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.body.Read(p)
	m.bytes += int64(n)
	m.tell(Event{Stage: Receiving, Bytes: m.bytes, Total: m.total, Customers: m.customers})
	return n, err
}
