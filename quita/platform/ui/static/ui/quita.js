// The one script of the product. Behaviours hang on data attributes (docs/explanation/front-end.md) and are delegated
// from the document, so that whatever htmx swaps in works without being set up.
import * as dialogs from "./dialogs.js";
import * as forms from "./forms.js";
import * as grid from "./grid.js";
import * as keys from "./keys.js";
import * as menu from "./menu.js";
import * as palette from "./palette.js";
import * as small from "./small.js";
import * as sortable from "./sortable.js";
import * as theme from "./theme.js";
import * as toasts from "./toasts.js";

for (const part of [toasts, dialogs, menu, palette, grid, forms, sortable, theme, small, keys]) part.start();
document.documentElement.dataset.ready = "";
