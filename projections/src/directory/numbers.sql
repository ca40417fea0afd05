SELECT organisation, number FROM organisations WHERE organisation = ANY ($1)
