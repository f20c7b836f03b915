package picture

import (
	"fmt"
	"strings"
)

// pageStyle is what a page of its own has besides.
const pageStyle = "html{color-scheme:light}body{margin:0;background:#fff}main{padding:1.25rem 1.5rem 3rem}\n" +
	"@media (max-width:40rem){main{padding:.75rem}}\n@page{size:A4 landscape;margin:12mm}\n@media print{main{padding:0}}\n"

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
	b.WriteString(onPaper)
	return b.String()
}

const look = `.picture{color:#1d2733;line-height:1.5;font-size:15px;` +
	`font-family:"BIZ UDPGothic","BIZ UDGothic","Yu Gothic UI","Yu Gothic","Hiragino Sans",Meiryo,sans-serif}
.picture h1{font-size:1.35em;margin:0 0 .6em;padding-bottom:.4em;border-bottom:3px solid #2f4a6d;overflow-wrap:anywhere}
.picture h2{font-size:1.1em;margin:1.8em 0 .6em;padding-left:.55em;border-left:5px solid #2f4a6d;overflow-wrap:anywhere}
.picture a{color:#1a4f8a;text-decoration:underline;text-underline-offset:.15em}
.picture a:focus-visible,.picture .grid:focus-visible{outline:3px solid #1a4f8a;outline-offset:1px}
.picture dl{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(20em,1fr));gap:.2em 2em}
.picture dl .whole{grid-column:1/-1}
.picture dl div{display:flex;gap:.8em;border-bottom:1px solid #e1e5ea;padding:.15em 0}
.picture dt{flex:none;color:#4c5a69}
.picture dd{margin:0;overflow-wrap:anywhere}
.picture nav ul{margin:1em 0;padding-left:1.4em}
.picture .wide{overflow-x:auto}
.picture caption{text-align:left;font-size:.87em;color:#4c5a69;padding:.2em 0 .35em}
.picture table{border-collapse:separate;border-spacing:0}
.picture .list{font-size:.92em}
.picture .list th,.picture .list td{text-align:left;vertical-align:top;padding:.22em .7em;border-bottom:1px solid #d9dee5;` +
	`font-weight:400;overflow-wrap:break-word}
.picture .list thead th{border-bottom:2px solid #8c99a8;color:#3d4a58;font-weight:600;white-space:nowrap}
.picture .list th[scope=rowgroup]{font-weight:600;min-width:9em;max-width:24em}
.picture .list td{max-width:48em}
.picture .list .s{white-space:nowrap}
.picture .list th small{display:block;font-weight:400;color:#4c5a69;font-size:.85em}
.picture .list th small.out{color:#96201a}
.picture .list tbody+tbody tr:first-child>*{border-top:1px solid #8c99a8}
.picture .sheet .n{text-align:right;font-variant-numeric:tabular-nums}
.picture .claims{list-style:none;margin:.4em 0 .8em;padding:0;display:grid;gap:.3em 1.6em;` +
	`grid-template-columns:repeat(auto-fill,minmax(19em,1fr))}
.picture .claims li{display:grid;grid-template-columns:1.9em auto 1fr;gap:0 .6em;align-items:baseline}
.picture .claims .means{grid-column:2/-1;color:#4c5a69;font-size:.85em}
.picture .claims .count{text-align:right;font-variant-numeric:tabular-nums}
.picture .claims .none{color:#5f6b78}
.picture .key{display:inline-block;text-align:center;padding:0 .45em;white-space:nowrap}
.picture .tag{font-size:.72em;font-weight:400;border:1px solid #6b7785;border-radius:.3em;padding:.1em .5em;color:#3d4a58}
.picture .left-out{border:1px solid #8a5a00;background:#fdf6e3;padding:.4em .8em;max-width:60em}
.picture .grid{overflow:auto;max-height:80vh;border:1px solid #8c99a8;width:fit-content;max-width:100%;margin-bottom:1.2em}
.picture .sheet{width:max-content;font-size:.87em;background:#fff}
.picture .sheet caption{padding:.2em .5em}
.picture .sheet th,.picture .sheet td{border-right:1px solid #c8cfd8;border-bottom:1px solid #c8cfd8;padding:.15em .4em;` +
	`vertical-align:top;min-width:1.5em;height:1.5em}
.picture .sheet td{white-space:pre-wrap;overflow-wrap:anywhere;scroll-margin:4em 5em}
.picture .sheet thead th,.picture .sheet thead td,.picture .sheet tbody th{position:sticky;background:#eef1f5;color:#3d4a58;` +
	`font-weight:400;text-align:center;font-size:.92em;white-space:nowrap}
.picture .sheet thead th,.picture .sheet thead td{top:0;z-index:2;border-bottom:1px solid #8c99a8}
.picture .sheet tbody th{left:0;z-index:1;border-right:1px solid #8c99a8}
.picture .sheet thead .corner{left:0;z-index:3}
.picture .sheet .edge{width:3em}
.picture .sheet th.off{background:#c9ced6;color:#1d2733}
.picture .sheet th small{display:block;font-size:.75em}
.picture .sheet td.off{color:#4c5a69;box-shadow:inset 0 0 0 100vmax rgba(120,130,145,.16)}
.picture .sheet td>small{float:left;margin:.14em .4em 0 0;font-size:.76em;font-weight:400;font-style:normal;color:#46525f;` +
	`user-select:none}
.picture .sheet .s{white-space:nowrap}
.picture .sheet td>em{color:#4c5a69}
.picture .sheet td:target{box-shadow:inset 0 0 0 3px #1a4f8a}
.picture .list tr:target>*{background:#fdf6e3}
.picture .flag{margin-left:.4em;font-size:.75em;white-space:nowrap;background:#fff;border:1px solid #8c99a8;` +
	`border-radius:.3em;padding:0 .3em;user-select:none}
`

const onPaper = `@media print{
.picture{font-size:9pt}
.picture,.picture *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.picture .grid,.picture .wide{overflow:visible;max-height:none;border:0;width:auto}
.picture .sheet{width:100%;font-size:7.5pt;border-top:1px solid #8c99a8;border-left:1px solid #8c99a8}
.picture .sheet thead th,.picture .sheet thead td,.picture .sheet tbody th{position:static}
.picture .sheet tr{break-inside:avoid}
.picture .sheet td>small{font-size:.85em}
.picture h2{break-after:avoid}
.picture .of-sheet+.of-sheet{break-before:page}
.picture a{color:inherit;text-decoration:none}
}
`
