package settings

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // logos are read as PNG or JPEG
	_ "image/png"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"trueup/fetch/plain"
	"trueup/report"
	"trueup/rules/strict"
)

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// prices reads the prices as exact decimals: they are quoted in the file so
// that no reader of YAML turns them into floats.
func (m *merger) prices() {
	p := report.Prices{
		ByType:     m.priceList("prices.", m.file.Prices),
		ByInstance: map[string]map[int64]decimal.Decimal{},
	}
	first := firstPrice(m.file.Prices)
	for _, in := range m.file.Instances {
		p.ByInstance[in.Name.V] = m.priceList("instances."+in.Name.V+".prices.", in.Prices)
		if first == nil {
			first = firstPrice(in.Prices)
		}
	}
	c := m.file.Currency
	switch {
	case first != nil && !c.Given():
		m.wrong(*first, "prices without a currency", "add currency: EUR, or whichever it is")
	case c.Given() && !currencyCode.MatchString(c.V):
		m.wrong(c.Pos, "currency "+strconv.Quote(c.V)+" is not a currency code", "write its three capital letters, as EUR")
	case first != nil:
		p.Currency = c.V
		m.note("currency", c.V, c.Pos.String())
	}
	m.s.Prices = p
}

// firstPrice is where a list of prices begins; nil if it is empty.
func firstPrice(prices map[int]strict.Located[string]) *strict.Position {
	var first *strict.Position
	for _, price := range prices {
		if pos := price.Pos; first == nil || pos.Compare(*first) < 0 {
			first = &pos
		}
	}
	return first
}

// priceList reads prices by license type; prefix is what their settings are
// called.
func (m *merger) priceList(prefix string, prices map[int]strict.Located[string]) map[int64]decimal.Decimal {
	list := map[int64]decimal.Decimal{}
	for _, licenseType := range sortedKeys(prices) {
		text := prices[licenseType]
		price, err := parsePrice(text.V)
		if err != nil {
			m.wrong(text.Pos, err.Error(), `write it quoted, per license and month, as "2.10"`)
			continue
		}
		list[int64(licenseType)] = price
		m.note(prefix+strconv.Itoa(licenseType), price.String(), text.Pos.String())
	}
	return list
}

var plainPrice = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,6})?$`)

func parsePrice(s string) (decimal.Decimal, error) {
	if !plainPrice.MatchString(s) {
		return decimal.Decimal{}, errors.New("price " + strconv.Quote(s) + " is not a plain decimal number")
	}
	return decimal.NewFromString(s)
}

// maxLogo bounds the logo's file; maxPixels what it may unpack to.
const (
	maxLogo   = 2 << 20
	maxPixels = 4000
)

func readLogo(path string) ([]byte, error) {
	data, err := plain.ReadFile(path, maxLogo)
	if err != nil {
		return nil, fmt.Errorf("read logo: %w", err)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read logo %s: %w", path, err)
	}
	if config.Width > maxPixels || config.Height > maxPixels {
		return nil, fmt.Errorf("logo %s is larger than %d pixels", path, maxPixels)
	}
	return data, nil
}

func sortedKeys[K interface{ ~int | ~string }, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

func valueText(v any) string { return fmt.Sprint(v) }
