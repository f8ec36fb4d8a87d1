package fetch

import "trueup/fetch/plain"

// scrubber takes known secrets out of texts. Tokens join it as they come.
type scrubber struct{ plain.Scrubber }

func (c *scrubber) add(s secret) { c.Add(s.reveal()) }

func (c *scrubber) scrub(s string) string { return c.Scrub(s) }

// hide takes secrets out of the text of data, which has them only if the instance
// says back what it was asked with. A nil scrubber knows none.
func (c *scrubber) hide(text []byte) []byte {
	if c == nil || !c.Holds(text) {
		return text
	}
	return []byte(c.scrub(string(text)))
}

// clean makes text from outside fit for a message: scrubbed before it is cut,
// and again after characters were removed.
func (c *scrubber) clean(s string, max int) string {
	return c.scrub(clean(c.scrub(s), max))
}
