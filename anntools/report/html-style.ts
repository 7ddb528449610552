/** The look of the report: the site's lab notebook, with the fonts of the reader's system. */
import { Markup } from './markup.ts';

export const REPORT_STYLE = new Markup(`
:root{color-scheme:light dark;--paper:#fafaf7;--sheet:#fff;--ink:#1b2127;--quiet:#56606a;--rule:#e1e4e3;--rule-strong:#b4bbc1;--accent:#1b4f8f;--margin-rule:#b9cbe3;--high:#b3261e;--moderate:#9a5800;--low:#2b6e4f;--modifier:#5f6a75;--margin:9.5rem;--gutter:1.5rem}
@media (prefers-color-scheme:dark){:root{--paper:#14181d;--sheet:#1a2027;--ink:#e4e8ec;--quiet:#a2adb8;--rule:#2a323b;--rule-strong:#4c5864;--accent:#92bdf2;--margin-rule:#34506f;--high:#ff8d83;--moderate:#edb063;--low:#83cba3;--modifier:#9aa6b2}}
*,*::before,*::after{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:400 1rem/1.55 'IBM Plex Sans',system-ui,-apple-system,'Segoe UI','Liberation Sans',sans-serif;text-size-adjust:100%}
body{max-width:74rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem);background:var(--paper)}
header,footer{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5rem;padding:1rem 0;background:var(--paper)}
header{border-bottom:1px solid var(--rule)}
footer{border-top:1px solid var(--rule);color:var(--quiet);font-size:.8125rem}
header p,footer p{margin:0}
p,ul,dl,figure,table{margin:0 0 1rem}
p,ul{max-width:42rem;text-wrap:pretty}
ul{padding-left:1.2rem}
b{font-weight:600;font-variant-numeric:tabular-nums}
code{font:400 .8125em/1.5 'IBM Plex Mono',ui-monospace,Menlo,'Liberation Mono',monospace;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.number{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.title{padding:2.5rem 0 1rem}
h1{margin:0 0 .6rem;font-size:clamp(1.625rem,1.2rem + 1.6vw,2.125rem);font-weight:600;line-height:1.2;letter-spacing:-.012em;overflow-wrap:anywhere}
h2{margin:0;color:var(--quiet);font-size:.875rem;font-weight:600;line-height:1.4}
.big{margin-bottom:.35rem;font-size:1.375rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
.body>:last-child{margin-bottom:0}
.mark{flex:none;fill:currentColor}
.notice{display:flex;gap:.8rem;max-width:46rem;margin:0 0 1.25rem;padding:.9rem 1.1rem;border:1px solid var(--rule);border-left:3px solid var(--moderate);border-radius:4px;background:var(--sheet)}
.notice>.mark{margin-top:.35rem;color:var(--moderate)}
.notice>div{min-width:0}
.notice p{margin:0}
.notice details{margin-top:.4rem;font-size:.875rem}
.notice summary{color:var(--accent);cursor:pointer}
.notice ul{margin:.4rem 0 0}
table{width:100%;border-collapse:collapse;font-size:.875rem}
caption{padding-bottom:.4rem;font-size:.875rem;font-weight:600;text-align:left}
th,td{padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--rule);font-weight:400;text-align:left;vertical-align:middle}
th:last-child,td:last-child{padding-right:0}
td.number{text-align:right}
tbody:last-child tr:last-child>*{border-bottom:0}
.impact-HIGH{--severity:var(--high)}
.impact-MODERATE{--severity:var(--moderate)}
.impact-LOW{--severity:var(--low)}
.impact-MODIFIER{--severity:var(--modifier)}
[class^='impact-'] .mark{color:var(--severity)}
.impacts{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));margin-bottom:1.25rem;border:1px solid var(--rule);border-radius:4px;background:var(--sheet)}
.impacts>div{padding:.8rem 1rem}
.impacts>div+div{border-left:1px solid var(--rule)}
.impacts dt{display:flex;align-items:center;gap:.45rem;color:var(--severity);font-size:.8125rem;font-weight:600;letter-spacing:.02em}
.impacts dd{margin:.15rem 0 0;font-size:1.375rem}
.impacts small{color:var(--quiet);font-size:.875rem;white-space:nowrap}
.known{padding:0;margin-bottom:2rem;list-style:none}
.bars{margin-bottom:2rem}
.bars th{overflow-wrap:anywhere}
.bars th .mark{width:.7rem;height:.7rem;margin-right:.5rem}
.bars tr[class^='impact-'] th{padding-left:1.2rem;text-indent:-1.2rem}
.bars td.quiet{width:4.5rem}
.bars td.bar{width:42%}
.bars svg:not(.mark),.karyotype svg{display:block;width:100%;height:.75rem}
.bars rect{fill:var(--severity,var(--accent))}
.charts{columns:2 19rem;column-gap:2.5rem}
.charts>*{break-inside:avoid}
.chart{margin-bottom:1.5rem}
.chart figcaption{margin-bottom:.4rem;font-size:.875rem;font-weight:600}
.chart svg{display:block;width:100%;max-width:30rem;height:auto}
.chart text{fill:var(--quiet);font-size:11px;font-variant-numeric:tabular-nums}
.chart .grid{stroke:var(--rule)}
.chart .axis{stroke:var(--rule-strong)}
.chart .column{fill:var(--accent)}
.karyotype{font-size:.8125rem}
.karyotype th,.karyotype td{padding:.12rem .75rem .12rem 0;border:0}
.karyotype th{width:2.5rem;color:var(--quiet);text-align:right;white-space:nowrap}
.karyotype td.number{width:5rem;padding-right:0}
.karyotype .contig{fill:var(--rule)}
.karyotype [class^='shade']{fill:var(--accent)}
.shade-1{fill-opacity:.25}.shade-2{fill-opacity:.4}.shade-3{fill-opacity:.58}.shade-4{fill-opacity:.78}
.record{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.4rem 1.5rem;font-size:.9375rem}
.record dt{color:var(--quiet)}
.record dd{margin:0;overflow-wrap:anywhere}
@media screen and (min-width:56rem){
body{background:linear-gradient(var(--margin-rule),var(--margin-rule)) no-repeat;background-origin:content-box;background-position:calc(var(--margin) + var(--gutter)) 0;background-size:1px 100%}
header,footer,.title{padding-left:calc(var(--margin) + 2*var(--gutter))}
.entry{display:grid;grid-template-columns:var(--margin) minmax(0,1fr);column-gap:calc(2*var(--gutter))}
.entry>h2{padding-top:1.4rem;text-align:right}
.entry>.body{padding:1.25rem 0 1.75rem;border-top:1px solid var(--rule)}
}
@media screen and (max-width:55.99rem){
.entry{margin-top:1rem;padding:1rem 0 .5rem;border-top:1px solid var(--rule)}
.entry>h2{margin-bottom:.5rem}
}
@media screen and (max-width:40rem){
.impacts{grid-template-columns:repeat(2,minmax(0,1fr))}
.impacts>div:nth-child(3){border-left:0}
.impacts>div:nth-child(n+3){border-top:1px solid var(--rule)}
.bars td.bar{width:24%}
th,td{padding-right:.6rem}
.record{grid-template-columns:minmax(0,1fr);gap:0}
.record dd{margin-bottom:.5rem}
}
@media print{
:root{--paper:#fff;--sheet:#fff;--ink:#000;--quiet:#444;--rule:#ccc;--rule-strong:#888;--accent:#1b4f8f;--high:#b3261e;--moderate:#9a5800;--low:#2b6e4f;--modifier:#5f6a75}
@page{margin:15mm}
html{font-size:10pt}
body{max-width:none;padding:0;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.title{padding-top:1rem}
.entry{margin-top:.75rem;padding-top:.75rem;border-top:1px solid var(--rule)}
.entry>h2{margin-bottom:.5rem}
.notice,.impacts,.chart,tr{break-inside:avoid}
.notice details::details-content{content-visibility:visible;block-size:auto}
.charts{columns:2}
}
`);
