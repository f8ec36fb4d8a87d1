package settings

import (
	"slices"
	"strconv"
	"time"

	"trueup/fetch"
	"trueup/rules/strict"
)

// Live is how live instances are asked. Secrets are only named.
type Live struct {
	Instances []fetch.Instance
	Timeouts  fetch.Timeouts
	Retry     fetch.Retry
	MaxBytes  int64 // decompressed size of one answer; 0 for the default
	// Formerly has the names of instances by those under which the history
	// knows them.
	Formerly map[string]string
}

// live puts together the instances: the one of --url, whose credentials are
// in the environment, or those of the file.
func (m *merger) live() {
	f, l := m.file.Fetch, &m.s.Live
	l.Timeouts = fetch.Timeouts{
		Connect: m.duration("fetch.connectTimeout", f.ConnectTimeout, fetch.DefaultTimeouts.Connect),
		TLS:     m.duration("fetch.tlsTimeout", f.TLSTimeout, fetch.DefaultTimeouts.TLS),
		Header:  m.duration("fetch.headerTimeout", f.HeaderTimeout, fetch.DefaultTimeouts.Header),
		Whole:   m.duration("fetch.timeout", f.Timeout, fetch.DefaultTimeouts.Whole),
	}
	l.Retry = fetch.DefaultRetry
	l.Retry.Total = m.duration("fetch.totalTimeout", f.TotalTimeout, fetch.DefaultRetry.Total)
	l.Retry.WaitMin = m.duration("fetch.retryWait", f.RetryWait, fetch.DefaultRetry.WaitMin)
	l.Retry.Attempts = m.atLeastOne("fetch.attempts", f.Attempts, fetch.DefaultRetry.Attempts)
	l.MaxBytes = int64(m.atLeastOne("fetch.maxBodyMB", f.MaxBodyMB, fetch.DefaultMaxBytes>>20)) << 20
	l.Formerly = m.formerly()
	ca := m.path("fetch.caFile", "", "", f.CAFile, "")
	if m.s.URL != "" {
		l.Instances = []fetch.Instance{{URL: m.s.URL, Auth: fetch.AuthFromEnv(m.env), CAFile: ca}}
		return
	}
	for _, in := range m.file.Instances {
		auth := m.auth("instances."+in.Name.V+".auth.", in.Auth)
		l.Instances = append(l.Instances, fetch.Instance{Name: in.Name.V, URL: in.URL.V, Auth: auth, CAFile: ca})
	}
}

// formerly reads the names that instances had.
func (m *merger) formerly() map[string]string {
	names := map[string]string{}
	for _, in := range m.file.Instances {
		for _, old := range in.Formerly {
			is := slices.ContainsFunc(m.file.Instances, func(other InstanceFile) bool { return other.Name.V == old.V })
			if _, twice := names[old.V]; twice || is {
				m.wrong(old.Pos, "the name "+strconv.Quote(old.V)+" is that of another instance, or given twice", "name what the history calls this instance")
			}
			names[old.V] = in.Name.V
			m.note("instances."+in.Name.V+".formerly", strconv.Quote(old.V), old.Pos.String())
		}
	}
	return names
}

// auth names where an instance's credentials are; what is not given is not
// noted.
func (m *merger) auth(prefix string, a AuthFile) fetch.Auth {
	plain := func(key string, l strict.Located[string]) string {
		if l.Given() {
			m.note(prefix+key, l.V, l.Pos.String())
		}
		return l.V
	}
	file := func(key string, l strict.Located[string]) string {
		if l.V != "" {
			l.V = m.relative(l.V)
		}
		return plain(key, l)
	}
	return fetch.Auth{
		TokenEnv: m.secretEnv(prefix+"tokenEnv", a.TokenEnv), TokenFile: file("tokenFile", a.TokenFile),
		TenantID: plain("tenantId", a.TenantID), ClientID: plain("clientId", a.ClientID),
		ClientSecretEnv:  m.secretEnv(prefix+"clientSecretEnv", a.ClientSecretEnv),
		ClientSecretFile: file("clientSecretFile", a.ClientSecretFile),
		Scope:            plain("scope", a.Scope), TokenURL: plain("tokenUrl", a.TokenURL),
	}
}

func (m *merger) duration(name string, file strict.Located[string], byDefault time.Duration) time.Duration {
	if !file.Given() {
		m.note(name, byDefault.String(), "default")
		return byDefault
	}
	d, err := time.ParseDuration(file.V)
	if err != nil || d <= 0 {
		m.wrong(file.Pos, strconv.Quote(file.V)+" is not a time to wait", `write it with its unit, as "30s" or "5m"`)
	}
	m.note(name, file.V, file.Pos.String())
	return d
}

func (m *merger) atLeastOne(name string, file strict.Located[int], byDefault int) int {
	n := orDefault(m, name, file, byDefault)
	if n < 1 {
		m.wrong(file.Pos, name+" must be at least 1", "leave it out for the default")
	}
	return n
}

// percent is a whole number of at least 0.
func (m *merger) percent(name string, file strict.Located[int], byDefault int) int {
	n := orDefault(m, name, file, byDefault)
	if n < 0 {
		m.wrong(file.Pos, name+" must not be negative", "100 never stops a fall")
	}
	return n
}

// orDefault is a setting that only the file has, noted with where it is from.
func orDefault[T any](m *merger, name string, file strict.Located[T], byDefault T) T {
	value, from := byDefault, "default"
	if file.Given() {
		value, from = file.V, file.Pos.String()
	}
	m.note(name, valueText(value), from)
	return value
}
