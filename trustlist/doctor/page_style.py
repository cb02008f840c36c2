"""The style sheet of a report's page; text stands out from its ground by 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f4f5f7; color: #1a1a1a; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1008px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 0 0 4px; }
h3 b { margin-right: 8px; }
p { margin: 0 0 4px; }
.source { color: #454545; overflow-wrap: anywhere; }
section { background: #fff; border: 1px solid #d5d5d5; border-radius: 6px; padding: 16px 24px; margin: 16px 0; }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; padding: 0; }
.tiles li { flex: 1 1 200px; background: #fff; border: 1px solid #d5d5d5; border-left: 8px solid; border-radius: 6px;
  padding: 8px 16px; }
.tiles b { font-size: 1.6rem; margin-right: 4px; }
.tiles a { color: inherit; }
.tiles small { display: block; color: #454545; }
.tiles .serious, article.serious { border-left-color: #b0003a; }
.tiles .warning, article.warning { border-left-color: #a14a00; }
.tiles .notice, article.notice { border-left-color: #0b5cad; }
.tiles .none { border-left-color: #1b6e2f; }
.counts { display: flex; flex-wrap: wrap; gap: 16px 40px; }
table { border-collapse: collapse; font-size: 0.9rem; align-self: flex-start; }
caption { text-align: left; color: #454545; padding-bottom: 2px; white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: 2px 16px 2px 0; border-bottom: 1px solid #e4e4e4; }
th { font-weight: 500; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td { overflow-wrap: break-word; }
thead th, thead td { color: #454545; font-weight: 500; white-space: nowrap; text-align: left; }
figure { margin: 0; overflow-x: auto; }
svg { max-width: 100%; min-width: 640px; height: auto; }
article { border-left: 8px solid; padding: 2px 0 2px 16px; margin: 0 0 20px; }
article:last-child { margin-bottom: 0; }
.remedy::before { content: "\\2192\\00a0"; }
.remedy { font-weight: 500; }
summary { cursor: pointer; color: #0b4a8a; }
.wide { overflow-x: auto; }
@media print { body { background: #fff; } section { border: 0; padding: 0; } article { break-inside: avoid; } }
"""
