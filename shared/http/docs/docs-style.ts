/** The style of the documentation: one column of reading, the list of operations beside it, light or dark. */
export const docsStyle = `
:root{color-scheme:light dark;--ink:#1d2433;--soft:#5b6577;--paper:#fff;--tint:#f4f6fa;--line:#dde2ea;--link:#2152c4}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9f0;--soft:#9aa4b8;--paper:#14171e;--tint:#1d222c;--line:#303745;--link:#8db1ff}}
*{box-sizing:border-box}
body{margin:0;display:grid;grid-template-columns:17rem minmax(0,1fr);font:15px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.2rem;border-right:1px solid var(--line);font-size:13px}
nav a{display:block;padding:.1rem 0;color:inherit;text-decoration:none}nav a:hover{color:var(--link)}
nav h4{margin:1rem 0 .2rem;color:var(--soft)}
main{padding:1.5rem 2.5rem 6rem;max-width:60rem}
a{color:var(--link)}h1{margin-top:0}h2{margin-top:3rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
article{margin:1.5rem 0 2.5rem;scroll-margin-top:1rem}h3{margin:1.5rem 0 .4rem;font-size:1rem}tr{scroll-margin-top:3rem}
code,pre{font:13px/1.5 ui-monospace,monospace}
pre{background:var(--tint);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;overflow:auto}
pre i{color:var(--soft);font-style:normal}pre b{color:var(--soft)}
code.GET,code.POST,code.PUT{color:#fff;border-radius:4px;padding:.1rem .4rem}code.GET{background:#26734d}code.POST{background:#2152c4}code.PUT{background:#8a5a00}
table{border-collapse:collapse;width:100%;font-size:14px}td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top;overflow-wrap:anywhere}
td i{color:var(--soft);font-style:normal}
.roles span{background:var(--tint);border:1px solid var(--line);border-radius:99px;padding:.05rem .6rem;margin-right:.3rem;font-size:12px}
.problems{font-size:13px;color:var(--soft)}summary{cursor:pointer;color:var(--soft)}tr:target,article:target{background:var(--tint)}
@media(max-width:48rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}}
`;
