package picture

import (
	_ "embed"
	"fmt"
	"strings"
)

// pageStyle is what a page of its own has besides.
const pageStyle = "html{color-scheme:light}body{margin:0;background:#fff}main{padding:1.25rem 1.5rem 3rem}\n" +
	"@media (max-width:40rem){main{padding:.75rem}}\n@page{size:A4 landscape;margin:12mm}\n@media print{main{padding:0}}\n"

//go:embed picture.css
var look string

// Stylesheet is the look of a picture. Every rule is about .picture alone.
func Stylesheet() string {
	var b strings.Builder
	b.WriteString(look)
	for _, c := range claims {
		fmt.Fprintf(&b, ".picture .%s{background-color:%s", c.class(), c.colour)
		if c.more != "" {
			b.WriteString(";" + c.more)
		}
		b.WriteString("}\n")
	}
	for _, g := range gravities {
		fmt.Fprintf(&b, ".picture .f-%s{outline:%s;outline-offset:-2px}\n", g.severity, g.frame)
	}
	for w := narrowest; w <= widest; w++ {
		fmt.Fprintf(&b, ".picture .w%d{width:%dem}\n", w, w)
	}
	return b.String()
}
