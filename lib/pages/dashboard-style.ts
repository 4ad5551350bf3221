/** Rules of the dashboard page. Eight colours that stay apart for most colour-blind eyes, in a light and a dark set. */
export const dashboardStyle = `
main{max-width:82rem}
.period{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end;margin:0 0 1.5rem}
.period label{font-size:.9rem}
.period button{padding:.5rem 1.5rem;min-height:2.9rem}
.tiles{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem}
.tile{border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.25rem;min-width:0}
.tile h2{font-size:1.05rem;line-height:1.5;margin:0 0 .5rem}
.scroll{overflow-x:auto}
.chart{display:block;width:100%;min-width:30rem;max-width:54rem;height:auto}
.figure{font-size:3rem;font-weight:700;line-height:1.2;margin:.25rem 0}
.figure small{font-size:1rem;font-weight:400;color:var(--soft);margin-inline-start:.4rem}
.tick{font-size:12px;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:.5}
.stroke{fill:none;stroke-width:2.5}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:.5rem 0;padding:0;font-size:.9rem}
.legend svg{width:.8rem;height:.8rem;margin-inline-end:.4rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:start;color:var(--soft);padding:.5rem 0 .25rem}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:end;white-space:nowrap}
th[scope=row],thead th:first-child{text-align:start}
tfoot td,tfoot th{font-weight:700}
.s0{--c:#1f5fbf}.s1{--c:#c2570c}.s2{--c:#0f766e}.s3{--c:#a21caf}.s4{--c:#8a6d00}.s5{--c:#be123c}.s6{--c:#4d7c0f}.s7{--c:#64748b}
.fill{fill:var(--c)}
.stroke{stroke:var(--c)}
@media (prefers-color-scheme:dark){.s0{--c:#7db0ff}.s1{--c:#fb9a4b}.s2{--c:#4fd1c0}.s3{--c:#e38bf0}.s4{--c:#e6c34a}.s5{--c:#ff8fa3}.s6{--c:#a8d95f}.s7{--c:#a9b6c4}}
@media (min-width:64rem){.tiles{grid-template-columns:repeat(12,minmax(0,1fr))}${Array.from({ length: 12 }, (_, n) => `.w${n + 1}{grid-column:span ${n + 1}}`).join('')}}
@media (max-width:30rem){.tile{padding:.9rem}.period div{flex:1 1 40%}}
`;
