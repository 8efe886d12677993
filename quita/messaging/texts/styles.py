"""How letters look. Mail programs read only inline styles, so every element carries its own.

Colours are chosen to stay readable when a program turns the page dark by itself; where a program honours the style
sheet in the head (`layout`), it gets a dark page of our own.
"""

FONT = "font-family:Inter,'Segoe UI',-apple-system,Roboto,'Helvetica Neue',Arial,sans-serif"
INK, MUTED, RULE, ACCENT = "#1d2733", "#5b6775", "#d8dee6", "#175cad"

OF_TAG = {
    "p": "margin:0 0 16px;",
    "h1": f"margin:0 0 16px;font-size:20px;line-height:28px;color:{INK};",
    "h2": f"margin:24px 0 12px;font-size:17px;line-height:24px;color:{INK};",
    "h3": f"margin:20px 0 8px;font-size:15px;line-height:22px;color:{INK};",
    "ul": "margin:0 0 16px;padding-left:22px;",
    "ol": "margin:0 0 16px;padding-left:22px;",
    "li": "margin:0 0 6px;",
    "a": f"color:{ACCENT};text-decoration:underline;",
    "hr": f"border:0;border-top:1px solid {RULE};margin:20px 0;",
    "blockquote": f"margin:0 0 16px;padding:2px 0 2px 14px;border-left:3px solid {RULE};color:{MUTED};",
    "table": "border-collapse:collapse;width:100%;margin:0 0 16px;font-size:14px;line-height:20px;",
    "th": f"text-align:left;padding:7px 8px;border-bottom:2px solid {RULE};color:{MUTED};font-weight:600;",
    "td": f"padding:7px 8px;border-bottom:1px solid {RULE};vertical-align:top;",
    "code": "font-family:Consolas,Menlo,monospace;font-size:14px;",
}
