/** The report's look: one page, readable in light and in dark, on paper too. Contrast of every text is at least 4.5 to 1 on its ground. */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1f2328;--grey:#59636e;--grid:#d8dee4;--bad:#b3261e;--good:#1a7f37;--a:#0969da;--b:#bc4c00;--card:#f6f8fa;
--v:#dafbe1;--u:#fff8c5;--s:#ffe2c2;--f:#ffd8d3;--n:#eaeef2}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--grey:#9da7b3;--grid:#30363d;--bad:#ff8178;--good:#56d364;--a:#6cb6ff;--b:#ffa657;--card:#161b22;
--v:#12381f;--u:#3d3200;--s:#4a2d0b;--f:#5a1e1a;--n:#21262d}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px}h1{margin:0 0 4px;font-size:26px}h2{margin:36px 0 8px;font-size:20px;border-top:1px solid var(--grid);padding-top:20px}h3{margin:20px 0 8px;font-size:15px}
.small{color:var(--grey);font-size:13px}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}th{text-align:left;color:var(--grey);font-weight:600}
th,td{padding:6px 10px;border-bottom:1px solid var(--grid);white-space:nowrap}td:last-child{white-space:normal}.good{color:var(--good)}.bad{color:var(--bad)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px;margin-top:16px}figure{margin:0;background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:8px}
figure svg{width:100%;height:auto;display:block}.calendar{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(7,minmax(36px,64px));gap:4px}
.calendar li{border-radius:5px;padding:4px 6px;font-size:13px;background:var(--n);min-height:30px}.calendar b{font-weight:400;color:var(--ink);opacity:.85}.calendar .head,.calendar .blank{background:none;color:var(--grey);min-height:0}
li.verified,.key.verified{background:var(--v)!important}li.uploaded,.key.uploaded{background:var(--u)!important}li.suspect,.key.suspect{background:var(--s)!important}li.failed,.key.failed{background:var(--f)!important}
.key{display:inline-block;min-width:20px;text-align:center;border-radius:4px;background:var(--n)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media print{figure{break-inside:avoid}}
`;
