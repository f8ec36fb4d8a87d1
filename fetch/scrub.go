package fetch

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// scrubber takes known secrets out of texts. Tokens join it as they come.
type scrubber struct {
	mu      sync.Mutex
	secrets []string // longest first, so that a part never spoils the whole
}

// shortest is the least that is taken for a piece of a secret.
const shortest = 6

// add hides s in all its likely forms: as it is, URL-encoded, base64, and each
// of a token's parts.
func (c *scrubber) add(s secret) {
	plain := s.reveal()
	forms := []string{plain, url.QueryEscape(plain), url.PathEscape(plain), base64.StdEncoding.EncodeToString([]byte(plain))}
	for _, part := range strings.Split(plain, ".") {
		if len(part) >= 4*shortest { // a part of a JWT
			forms = append(forms, part)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, form := range forms {
		if len(form) > 0 && !slices.Contains(c.secrets, form) {
			c.secrets = append(c.secrets, form)
		}
	}
	slices.SortFunc(c.secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
}

// scrub is s without secrets, and without a piece of one that s was cut in.
func (c *scrubber) scrub(s string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, known := range c.secrets {
		for n := min(len(known)-1, len(s)); n >= shortest; n-- {
			if strings.HasSuffix(s, known[:n]) {
				s = s[:len(s)-n] + hidden
				break
			}
		}
	}
	for _, known := range c.secrets {
		s = strings.ReplaceAll(s, known, hidden)
	}
	return s
}

// clean is a stranger's text fit for a message: scrubbed before it is cut, and
// again after characters were taken out of it.
func (c *scrubber) clean(s string, max int) string {
	return c.scrub(clean(c.scrub(s), max))
}
