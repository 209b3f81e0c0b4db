"""What public data say of one authority and one area of focus: a module a question, frames in, pieces out.

Before an engagement the host and its team read two pages. In the order of the notebook:

- `where_does_it_stand`: the last value beside the family group and the country, its rank with an interval
- `how_has_it_moved`: the course over school years, and the year without a collection
- `how_wide_is_the_gap`: the gap between the least and the most deprived fifth of areas
- `who_is_alike`: the authorities of the family group, with pupils and deprivation
- `what_cannot_be_said`: what these data do not carry
- `quantities`: how values, differences and ranks are written
"""
