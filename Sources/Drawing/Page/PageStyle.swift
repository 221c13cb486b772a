/// The page's own style; the colours are the palette's.
enum PageStyle {
  static let css = """
    body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.45 ui-sans-serif,system-ui,"Segoe UI",\
    "DejaVu Sans",sans-serif}main{padding:10px 16px}h1{font-size:19px;margin:4px 0}h2{font-size:14px;margin:6px 0}
    p{margin:4px 0}.question{max-width:80em;color:var(--soft)}.passed{color:var(--good);font-weight:650}
    .failed{color:var(--bad);font-weight:650}.notes{margin:4px 0;padding-left:20px;color:var(--soft)}
    .bar{display:none;flex-wrap:wrap;gap:4px 10px;margin:8px 0;align-items:stretch}.live .bar{display:flex}
    fieldset{border:1px solid var(--rule);border-radius:6px;padding:1px 8px 4px;margin:0;min-width:0}
    legend{font-size:11px;color:var(--soft);padding:0 4px}fieldset label{margin-right:8px;white-space:nowrap}
    button,select{font:inherit;color:var(--ink);background:var(--lane);border:1px solid var(--rule);border-radius:5px;\
    padding:1px 9px;min-height:24px}button:hover{border-color:var(--focus)}
    :focus-visible{outline:2px solid var(--focus);outline-offset:1px}
    .stage{display:none;gap:12px;align-items:stretch}.live .stage{display:flex}
    #scroll{position:relative;flex:1 1 auto;min-width:0;height:calc(100vh - 190px);min-height:420px;overflow:auto;\
    border:1px solid var(--rule);border-radius:6px}#canvas{position:sticky;top:0;left:0;display:block;\
    touch-action:pan-x pan-y;z-index:1}#spacer{position:absolute;top:0;left:0;width:1px;pointer-events:none}
    #panel{flex:0 0 270px;overflow:auto;max-height:calc(100vh - 190px);font-size:13px}#panel:empty{display:none}
    .gap{color:var(--focus);font-weight:650}
    table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:1px 10px 1px 0;\
    overflow-wrap:anywhere}th{font-weight:500;color:var(--soft);white-space:nowrap}
    .verdicts td,.verdicts th,.rows td,.rows th{border-bottom:1px solid var(--rule);padding:3px 12px 3px 0}
    .rows td:first-child{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
    .status{color:var(--soft);font-size:12px;min-height:1.4em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .tip{position:fixed;z-index:9;max-width:430px;background:var(--bg);border:1px solid var(--rule);border-radius:6px;\
    padding:6px 9px;font-size:12px;box-shadow:0 4px 18px rgba(0,0,0,.25);pointer-events:none}
    details.live{display:none}.live details.live{display:block}summary{cursor:pointer}
    kbd{border:1px solid var(--rule);border-radius:4px;padding:0 4px;font:12px ui-monospace,monospace}
    .still{padding:0 16px}.live .still{display:none}.still svg{max-width:100%;height:auto}
    @media (max-width:1350px){.stage{flex-wrap:wrap}#panel{flex:1 1 100%;max-height:260px}}
    @media (prefers-reduced-motion:no-preference){#scroll{scroll-behavior:auto}}
    @media print{.live .bar,.live .stage,.status,details.live,.tip,.still table{display:none!important}
    .live .still{display:block}main,.still{padding:0}.still svg{width:100%}details:not(.live){display:none}}

    """
}
