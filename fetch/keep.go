package fetch

import (
	"slices"
	"strings"
)

// keeper keeps what customers hold, those of one customer side by side: texts
// and connections that each had memory of their own would be work for the
// collection of garbage, and slow to read one after another.
type keeper struct {
	texts strings.Builder
	sites []SIPConnection
	often []string // the few values that nearly all connections have
}

const (
	textsSize = 32 << 10 // bytes of texts that share their memory
	sitesSize = 256      // connections that do
	oftenSize = 16       // values that are kept once
)

// text is a copy of a text.
func (k *keeper) text(s string) string {
	at := k.room(len(s))
	k.texts.WriteString(s)
	return k.texts.String()[at:]
}

// bytes is a copy of a text in bytes.
func (k *keeper) bytes(s []byte) string {
	at := k.room(len(s))
	k.texts.Write(s)
	return k.texts.String()[at:]
}

// room makes room for a text, and is where it will lie.
func (k *keeper) room(size int) int {
	if k.texts.Cap()-k.texts.Len() < size {
		k.texts = strings.Builder{}
		k.texts.Grow(max(textsSize, size))
	}
	return k.texts.Len()
}

// value is a copy of a text that many connections have alike.
func (k *keeper) value(s []byte) string {
	for _, known := range k.often {
		if string(s) == known {
			return known
		}
	}
	if len(k.often) == oftenSize {
		return k.bytes(s)
	}
	k.often = append(k.often, string(s))
	return k.often[len(k.often)-1]
}

// connections is a copy of a list of connections.
func (k *keeper) connections(list []SIPConnection) []SIPConnection {
	if len(list) == 0 {
		return nil
	}
	if cap(k.sites)-len(k.sites) < len(list) {
		k.sites = make([]SIPConnection, 0, max(sitesSize, len(list)))
	}
	at := len(k.sites)
	k.sites = append(k.sites, list...)
	return slices.Clip(k.sites[at:])
}

// customer keeps what a customer that was copied shares with the first of both:
// all but its history and the values that are kept once.
func (k *keeper) customer(c *Customer) {
	c.UmpCustomerGuid = k.text(c.UmpCustomerGuid)
	c.CustomerShortName.S = k.text(c.CustomerShortName.S)
	c.CustomerFullName.S = k.text(c.CustomerFullName.S)
	c.MsTenantId.S = k.text(c.MsTenantId.S)
	c.SiteLocation = k.connections(c.SiteLocation)
	for i := range c.SiteLocation {
		s := &c.SiteLocation[i]
		s.ID.S, s.Name.S = k.text(s.ID.S), k.text(s.Name.S)
	}
}
