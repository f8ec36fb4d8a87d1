package fetch

import "trueup/fetch/plain"

// scrubber takes known secrets out of texts. Tokens join it as they come.
type scrubber struct{ plain.Scrubber }

func (c *scrubber) add(s secret) { c.Add(s.reveal()) }

func (c *scrubber) scrub(s string) string { return c.Scrub(s) }

// clean makes text from outside fit for a message: scrubbed before it is cut,
// and again after characters were removed.
func (c *scrubber) clean(s string, max int) string {
	return c.scrub(clean(c.scrub(s), max))
}
