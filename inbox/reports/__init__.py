"""Reports for managers: figures, charts and pages. No personal data stands in them."""
