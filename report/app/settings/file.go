package settings

import (
	"trueup/rules/strict"
)

// File is the settings file as it is written: trueup.yaml. Every key is
// optional; unknown keys are errors. Paths are relative to the file.
type File struct {
	Title           strict.Located[string] `yaml:"title"`
	Organization    strict.Located[string] `yaml:"organization"`
	Logo            strict.Located[string] `yaml:"logo"`            // PNG or JPEG
	AccentColor     strict.Located[string] `yaml:"accentColor"`     // "1F4E79"
	Confidentiality strict.Located[string] `yaml:"confidentiality"` // line on the cover

	Instances []InstanceFile                 `yaml:"instances"`
	Sbcs      map[int]strict.Located[string] `yaml:"sbcs"` // sbcId to a name, for --url and --input
	Fetch     FetchFile                      `yaml:"fetch"`

	Currency strict.Located[string]         `yaml:"currency"`
	Prices   map[int]strict.Located[string] `yaml:"prices"` // by LicenseType

	Rules RulesFile `yaml:"rules"`

	Waivers  strict.Located[string]   `yaml:"waivers"`
	Contacts strict.Located[string]   `yaml:"contacts"`
	History  strict.Located[string]   `yaml:"history"`
	Out      strict.Located[string]   `yaml:"out"`
	Formats  []strict.Located[string] `yaml:"formats"`
	SplitBy  strict.Located[string]   `yaml:"splitBy"`
	FailOn   strict.Located[string]   `yaml:"failOn"`
	PDF      PDFFile                  `yaml:"pdf"`
	Mail     MailFile                 `yaml:"mail"`
	Guards   GuardsFile               `yaml:"guards"`
}

// InstanceFile is one live instance.
type InstanceFile struct {
	Name   strict.Located[string]         `yaml:"name,required"`
	URL    strict.Located[string]         `yaml:"url,required"`
	Auth   AuthFile                       `yaml:"auth"`
	Sbcs   map[int]strict.Located[string] `yaml:"sbcs"`   // sbcId to a name
	Prices map[int]strict.Located[string] `yaml:"prices"` // replaces single prices on this instance
	// Formerly are the names under which the history knows the instance.
	Formerly []strict.Located[string] `yaml:"formerly"`
}

// AuthFile says where an instance's credentials are: never the secret itself.
type AuthFile struct {
	TenantID         strict.Located[string] `yaml:"tenantId"`
	ClientID         strict.Located[string] `yaml:"clientId"`
	ClientSecretEnv  strict.Located[string] `yaml:"clientSecretEnv"`
	ClientSecretFile strict.Located[string] `yaml:"clientSecretFile"`
	Scope            strict.Located[string] `yaml:"scope"`
	TokenURL         strict.Located[string] `yaml:"tokenUrl"`
	TokenEnv         strict.Located[string] `yaml:"tokenEnv"`
	TokenFile        strict.Located[string] `yaml:"tokenFile"`
}

// FetchFile bounds the fetching. Times are Go durations such as "30s".
type FetchFile struct {
	ConnectTimeout strict.Located[string] `yaml:"connectTimeout"`
	TLSTimeout     strict.Located[string] `yaml:"tlsTimeout"`
	HeaderTimeout  strict.Located[string] `yaml:"headerTimeout"`
	Timeout        strict.Located[string] `yaml:"timeout"`      // of one whole request
	TotalTimeout   strict.Located[string] `yaml:"totalTimeout"` // of all attempts together
	RetryWait      strict.Located[string] `yaml:"retryWait"`    // pause after the first failure; it doubles
	Attempts       strict.Located[int]    `yaml:"attempts"`
	MaxBodyMB      strict.Located[int]    `yaml:"maxBodyMB"` // decompressed
	CAFile         strict.Located[string] `yaml:"caFile"`
}

// RulesFile adds rules and changes them without copying.
type RulesFile struct {
	Paths    []strict.Located[string]                `yaml:"paths"`
	Builtin  strict.Located[bool]                    `yaml:"builtin"` // default true
	Override map[string]strict.Located[OverrideFile] `yaml:"override"`
}

// OverrideFile changes one rule.
type OverrideFile struct {
	Severity strict.Located[string]         `yaml:"severity"`
	Params   map[string]strict.Located[any] `yaml:"params"`
	Enabled  strict.Located[bool]           `yaml:"enabled"`
}

// PDFFile bounds the PDF and names further fonts.
type PDFFile struct {
	Fonts        []strict.Located[string] `yaml:"fonts"`        // TrueType files, tried in this order
	SystemFonts  strict.Located[bool]     `yaml:"systemFonts"`  // default true
	MaxCustomers strict.Located[int]      `yaml:"maxCustomers"` // sections of the detail part
}

// MailFile is how mail is sent.
type MailFile struct {
	Host            strict.Located[string]   `yaml:"host"`
	Port            strict.Located[int]      `yaml:"port"`
	TLS             strict.Located[string]   `yaml:"tls"` // starttls, implicit or none
	Username        strict.Located[string]   `yaml:"username"`
	PasswordEnv     strict.Located[string]   `yaml:"passwordEnv"`
	PasswordFile    strict.Located[string]   `yaml:"passwordFile"`
	From            strict.Located[string]   `yaml:"from"`
	To              []strict.Located[string] `yaml:"to"`
	Cc              []strict.Located[string] `yaml:"cc"`
	Attach          []strict.Located[string] `yaml:"attach"` // file endings, best first
	MaxAttachmentMB strict.Located[int]      `yaml:"maxAttachmentMB"`
	Timeout         strict.Located[string]   `yaml:"timeout"`
	Attempts        strict.Located[int]      `yaml:"attempts"`
	RetryWait       strict.Located[string]   `yaml:"retryWait"`
	Templates       strict.Located[string]   `yaml:"templates"`
	CAFile          strict.Located[string]   `yaml:"caFile"`
}

// GuardsFile says what must not have happened before mail is sent.
type GuardsFile struct {
	CustomersFallPercent strict.Located[int] `yaml:"customersFallPercent"`
	FindingsRisePercent  strict.Located[int] `yaml:"findingsRisePercent"`
}
