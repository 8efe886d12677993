"""From a template people wrote to a letter a debtor reads: Liquid in Markdown, one source for all forms."""
