"""The look and feel: base page, components, theme, icons, language. No business."""
