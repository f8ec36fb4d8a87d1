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

// shortest is the length from which a text is taken for a part of a secret.
const shortest = 6

// add hides s in all its likely forms: as it is, URL-encoded, base64, and each
// of a token's parts.
func (c *scrubber) add(s secret) {
	text := s.reveal()
	forms := []string{text, url.QueryEscape(text), url.PathEscape(text), base64.StdEncoding.EncodeToString([]byte(text))}
	for _, part := range strings.Split(text, ".") {
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

// scrub removes the secrets from s, and a secret's prefix where s was truncated.
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

// clean makes text from outside fit for a message: scrubbed before it is cut,
// and again after characters were removed.
func (c *scrubber) clean(s string, max int) string {
	return c.scrub(clean(c.scrub(s), max))
}
